import { resolveName } from '../../app/names.ts';
import { capacityOf } from '@wirebook/vsphere';
import { Problem, refuseInput } from '../../app/problem.ts';
import { GIB } from '../../domain/placement/facts.ts';
import type { Queries } from '../../store/database.ts';
import { findServerSources, type ServerSource } from '../../store/placement.ts';
import type { SourceReading } from '../source-reading.ts';

/** The template or server that is named. Problems: `not_found`, `ambiguous`, `source_unusable`. */
export async function findSource(db: Queries, nameOrId: string): Promise<ServerSource> {
  const { id, name } = await resolveName(db, 'server', nameOrId);
  const [source] = await findServerSources(db, [id]);
  if (source === undefined) throw new Problem('not_found', { kind: 'server', name, command: 'server' });
  const why = source.missing
    ? 'missing'
    : !source.readable
      ? 'unreadable'
      : source.managedBy !== null
        ? 'managed'
        : null;
  if (why !== null) throw new Problem('source_unusable', { name, why });
  return source;
}

/** What vCenter says of the source now that keeps it from being cloned as asked. Problems: `source_unusable`, `invalid_input`. */
export function refuseUnfitSource(
  source: SourceReading,
  asked: { name: string; linked: boolean; diskGib: number | null },
): void {
  const { name, linked, diskGib } = asked;
  if (linked && source.snapshot === null) throw new Problem('source_unusable', { name, why: 'no_snapshot' });
  if (diskGib === null) return;
  const [disk] = source.disks;
  if (disk === undefined) throw new Problem('source_unusable', { name, why: 'no_disk' });
  const has = Math.ceil(capacityOf(disk) / GIB);
  if (diskGib > has && (linked || disk.backing?.$type === 'VirtualDiskRawDiskMappingVer1BackingInfo'))
    throw new Problem('source_unusable', { name, why: linked ? 'linked_disk' : 'raw_disk' });
  if (diskGib < has)
    throw refuseInput([
      { field: 'diskGib', value: diskGib, code: 'disk_only_grows', params: { source: name, has } },
    ]);
}
