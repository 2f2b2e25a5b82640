import type { Queries } from '../store/database.ts';
import { type Candidate, findByNameOrId, type NamedKind } from '../store/names.ts';
import { Problem } from './problem.ts';

/** The command-line noun of each kind, for remedies. */
const nouns: Record<NamedKind, string> = {
  cloud_account: 'account',
  host: 'host',
  virtual_switch: 'switch',
  wire: 'wire',
  network: 'network',
  server: 'server',
  address_space: 'space',
};

/** The one object that an id or a name fits. Problems: `not_found`, `ambiguous` with the candidates. */
export async function resolveName(db: Queries, kind: NamedKind, nameOrId: string): Promise<Candidate> {
  const candidates = await findByNameOrId(db, kind, nameOrId);
  const [first] = candidates;
  if (first === undefined) throw new Problem('not_found', { kind, name: nameOrId, command: nouns[kind] });
  if (candidates.length > 1) {
    throw new Problem(
      'ambiguous',
      { kind, name: nameOrId, count: candidates.length },
      { objects: candidates.map((candidate) => ({ kind, ...candidate })) },
    );
  }
  return first;
}

/** The ids behind the names of a filter; undefined stays undefined. */
export async function resolveOptional(
  db: Queries,
  kind: NamedKind,
  nameOrId: string | undefined,
): Promise<string | undefined> {
  return nameOrId === undefined ? undefined : (await resolveName(db, kind, nameOrId)).id;
}
