import type { ServerInput } from '@wirebook/contract';
import { Problem, refuseInput } from '../../app/problem.ts';
import type { LiveFacts } from '../../domain/placement/facts.ts';
import type { Queries } from '../../store/database.ts';
import { findNameBeingMade, findNameInFolder } from '../../store/server-networks.ts';

const NAME_AT_MOST = 80;
const NUMBER = '{n}';

/** The names of the servers to be: with a count each has its number, as wide as the last. Problem: `invalid_input`. */
export function namesOf({ name, count = 1 }: Pick<ServerInput, 'name' | 'count'>): string[] {
  const numbered = name.includes(NUMBER);
  if (count === 1 && !numbered) return [name];
  const pattern = numbered ? name : `${name}-${NUMBER}`;
  const width = String(count).length;
  const names = Array.from({ length: count }, (_, index) =>
    pattern.replaceAll(NUMBER, String(index + 1).padStart(width, '0')),
  );
  if (names.some((one) => one.length > NAME_AT_MOST))
    throw refuseInput([
      { field: 'name', value: name, code: 'name_too_long', params: { maximum: NAME_AT_MOST } },
    ]);
  return names;
}

/** Refuses names that a server in the same folder has, as far as the book knows, or is about to have. Problem: `name_taken_in_vcenter`. */
export async function refuseTakenNames(
  db: Queries,
  work: { accountId: string; facts: LiveFacts; folder: string; names: readonly string[] },
): Promise<void> {
  const folder = work.facts.folders.find(({ moref }) => moref === work.folder);
  const datacenter = work.facts.datacenters.find(({ moref }) => moref === folder?.datacenter);
  if (folder === undefined || datacenter === undefined) return;
  const taken =
    (await findNameInFolder(db, {
      accountId: work.accountId,
      datacenter: datacenter.name,
      folder: folder.path === '' ? null : folder.path,
      names: work.names,
    })) ??
    (await findNameBeingMade(db, { accountId: work.accountId, folder: work.folder, names: work.names }));
  if (taken === null) return;
  throw new Problem(
    'name_taken_in_vcenter',
    { name: taken.name, folder: folder.path === '' ? datacenter.name : folder.path },
    { objects: [{ kind: 'server', ...taken }] },
  );
}
