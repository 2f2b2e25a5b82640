import {
  type FindingKind,
  findingKinds,
  type findingQuery,
  type findingSummaryQuery,
  type List,
} from '@wirebook/contract';
import type { z } from 'zod';
import { parseMac } from '../domain/addresses.ts';
import type { Queries } from '../store/database.ts';
import { countFindings, listFindings as listFindingRows, type StoredFinding } from '../store/findings.ts';
import { resolveOptional } from './names.ts';
import { Problem, refuseInput } from './problem.ts';

/** What the observations show to be wrong, computed from what is stored. Reading only. */

export async function listFindings(
  db: Queries,
  query: z.output<typeof findingQuery>,
): Promise<List<StoredFinding>> {
  const { kind, account, space, server, network, wire, q, ...rest } = query;
  return listFindingRows(db, {
    ...rest,
    kinds: readKinds(kind),
    accountId: await resolveOptional(db, 'cloud_account', account),
    spaceId: await resolveOptional(db, 'address_space', space),
    serverId: await resolveOptional(db, 'server', server),
    networkId: await resolveOptional(db, 'network', network),
    wireId: await resolveOptional(db, 'wire', wire),
    q: q === undefined ? undefined : { text: q, mac: parseMac(q) },
  });
}

/** Problem: `not_found` too for one that is over. */
export async function showFinding(db: Queries, id: string): Promise<StoredFinding> {
  const [found] = (await listFindingRows(db, { id, limit: 1 })).items;
  if (found === undefined) throw new Problem('not_found', { kind: 'finding', name: id, command: 'finding' });
  return found;
}

/** How many there are of each kind that there are any of. */
export async function summarizeFindings(
  db: Queries,
  query: z.output<typeof findingSummaryQuery>,
): Promise<{ findings: number; kinds: { kind: FindingKind; findings: number }[] }> {
  const kinds = await countFindings(db, {
    accountId: await resolveOptional(db, 'cloud_account', query.account),
    spaceId: await resolveOptional(db, 'address_space', query.space),
  });
  return { findings: kinds.reduce((sum, one) => sum + one.findings, 0), kinds };
}

function readKinds(text: string | undefined): FindingKind[] | undefined {
  if (text === undefined) return undefined;
  return [...new Set(text.split(','))].map((part) => {
    const kind = findingKinds.find((known) => known === part.trim());
    if (kind === undefined)
      throw refuseInput([
        { field: 'kind', value: text, code: 'not_one_of', params: { values: findingKinds.join(', ') } },
      ]);
    return kind;
  });
}
