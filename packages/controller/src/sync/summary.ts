import { isDeepStrictEqual } from 'node:util';
import type { Settlement } from '../app/settlement.ts';
import type { Queries } from '../store/database.ts';
import { loadStoredColumns } from '../store/inventory.ts';
import type { ObjectChange } from './plan-fabric.ts';
import type { SyncPlan } from './sync-plan.ts';

const OBJECTS_AT_MOST = 1000;
/** Columns that are ours and say nothing of what changed in vCenter. */
const UNTOLD = new Set(['id', 'account_id', 'space_id', 'digest', 'identity', 'observed']);

interface Changed {
  created: number;
  updated: number;
  missing: number;
  returned: number;
}

interface ToldChange {
  kind: string;
  name: string;
  change: 'created' | 'updated' | 'missing' | 'returned';
  fields: string[];
}

/** What a plan changes, in numbers and, for the first thousand objects, by name and field. Asks before the plan is applied. */
export async function summarizePlan(db: Queries, plan: SyncPlan): Promise<Record<string, unknown>> {
  const { fabric } = plan;
  const sets = [
    { key: 'hosts', kind: 'host', table: 'hosts', changes: fabric.hosts, missing: fabric.missing.hosts },
    {
      key: 'virtualSwitches',
      kind: 'virtual_switch',
      table: 'virtual_switches',
      changes: fabric.switches,
      missing: fabric.missing.virtual_switches,
    },
    { key: 'wires', kind: 'wire', table: 'wires', changes: fabric.wires, missing: fabric.missing.wires },
    {
      key: 'servers',
      kind: 'server',
      table: 'servers',
      changes: plan.servers,
      missing: plan.missingServers,
    },
  ] as const;
  const summary: Record<string, unknown> = {};
  const objects: ToldChange[] = [];
  for (const { key, kind, table, changes, missing } of sets) {
    const counts = count(changes, missing.length);
    if (counts !== null) summary[key] = counts;
    const told = changes.slice(0, OBJECTS_AT_MOST - objects.length);
    const updated = told.filter((change) => change.change !== 'created').map((change) => change.row.id);
    const stored = await loadStoredColumns(db, table, updated);
    for (const change of told)
      objects.push({
        kind,
        name: change.name,
        change: change.change,
        fields: changedFields(change, stored.get(change.row.id)),
      });
    for (const object of missing.slice(0, OBJECTS_AT_MOST - objects.length))
      objects.push({ kind, name: object.name, change: 'missing', fields: [] });
  }
  const nics = plan.servers.flatMap((server) => server.nics);
  const counts = count(
    nics,
    plan.servers.reduce((sum, server) => sum + server.missingNics.length, 0),
  );
  if (counts !== null) summary['nics'] = counts;
  const started = plan.servers.reduce((sum, server) => sum + server.startedSightings.length, 0);
  const ended = plan.servers.reduce((sum, server) => sum + server.endedSightings.length, 0);
  if (started + ended > 0) summary['sightings'] = { started, ended };
  if (objects.length > 0) summary['objects'] = objects;
  return summary;
}

/** What followed from a plan: records, and additional wires of networks. */
export function withSettlement(
  summary: Record<string, unknown>,
  effect: Pick<Settlement, 'created' | 'ended' | 'wires'>,
): Record<string, unknown> {
  const { created, ended, wires } = effect;
  return {
    ...summary,
    ...(created + ended > 0 && { records: { created, ended } }),
    ...(wires.gained + wires.lost > 0 && { additionalWires: { detected: wires.gained, ended: wires.lost } }),
  };
}

function count(
  changes: readonly { change: 'created' | 'updated' | 'returned' }[],
  missing: number,
): Changed | null {
  if (changes.length === 0 && missing === 0) return null;
  const counts: Changed = { created: 0, updated: 0, missing, returned: 0 };
  for (const { change } of changes) counts[change] += 1;
  return counts;
}

function changedFields(change: ObjectChange, stored: Record<string, unknown> | undefined): string[] {
  if (stored === undefined) return [];
  const plain = JSON.parse(JSON.stringify(change.row)) as Record<string, unknown>;
  return Object.keys(plain)
    .filter((column) => !UNTOLD.has(column) && !isDeepStrictEqual(plain[column], stored[column]))
    .map((column) => column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}
