import { resolveName } from '../../app/names.ts';
import { Problem } from '../../app/problem.ts';
import type { Queries } from '../../store/database.ts';
import { findServerSources, type ServerSource } from '../../store/placement.ts';

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
