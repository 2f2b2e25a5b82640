import type { FixResult, GivenAddress, ProblemBody, Released, Reservation } from '@wirebook/contract';
import { expect } from 'vitest';
import { type CrowdedNetwork, crowdedNetworks, type MuteServer } from './crowd-estate.ts';
import { CONTESTED, type Operation } from './crowd-operations.ts';
import type { Call, Look } from './order.ts';

/** An address that somebody was told is his. */
export interface Told {
  readonly id: string;
  readonly ip: string;
  readonly network: CrowdedNetwork;
  readonly key: string | null;
  /** He has asked to release it, or its time was made to be over. */
  letGo: boolean;
}

/** What the callers were told, all together. */
export interface Ledger {
  readonly told: Map<string, Told>;
  /** Keys whose claim somebody wanted deleted, as `network key`. */
  readonly deletedKeys: Set<string>;
  readonly reservations: Map<string, 'stands' | 'over' | 'expired'>;
  /** Acknowledged changes by the action that the trail has for them. */
  readonly changes: Map<string, number>;
  /** Every answer: `operation status code`, how often. */
  readonly answers: Map<string, number>;
  /** What contradicted an earlier answer. */
  readonly contradictions: string[];
}

export function openLedger(): Ledger {
  return {
    told: new Map(),
    deletedKeys: new Set(),
    reservations: new Map(),
    changes: new Map(),
    answers: new Map(),
    contradictions: [],
  };
}

/** Whether addresses of this place may become a NIC's, by hand or because its guest reports them. */
function isContested({ network, ip }: Told): boolean {
  const place = network.placeOf(ip);
  return CONTESTED.first <= place && place <= CONTESTED.last;
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

/** One of the callers: does what its plan says, one after another, and writes down what it was told. */
export async function followPlan(
  plan: readonly Operation[],
  parts: {
    name: string;
    call: Call;
    look: Look;
    mutes: ReadonlyMap<string, readonly MuteServer[]>;
    ledger: Ledger;
  },
): Promise<void> {
  const { look, mutes, ledger, name } = parts;
  const own: Told[] = [];
  const expiring: Told[] = [];
  let asked = 0;
  const ask = async <T>(
    what: Operation['do'],
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T & ProblemBody }> => {
    const answer = await parts.call<T & ProblemBody>(method, `/api/v1${path}`, body);
    const code = answer.status < 300 ? '' : ` ${answer.body.code}`;
    count(ledger.answers, `${what} ${answer.status}${code}`);
    return answer;
  };
  const changed = (action: string): void => count(ledger.changes, action);
  const pathOf = (network: CrowdedNetwork, rest: string): string =>
    `/networks/${encodeURIComponent(network.name)}${rest}`;
  const note = (): string => {
    asked += 1;
    return `${name} ${asked}`;
  };
  const write = (item: GivenAddress, network: CrowdedNetwork): Told => {
    const before = ledger.told.get(item.id);
    if (before !== undefined) {
      if (before.ip !== item.ip || before.key !== item.key)
        ledger.contradictions.push(`${before.key} was ${before.ip} and is ${item.key} ${item.ip}`);
      return before;
    }
    const told: Told = { id: item.id, ip: item.ip, network, key: item.key, letGo: false };
    ledger.told.set(item.id, told);
    return told;
  };
  const take = async (
    what: Operation['do'],
    network: CrowdedNetwork,
    body: { note: string; count?: number; ip?: string; expiresAt?: string },
  ): Promise<void> => {
    const answer = await ask<{ items: GivenAddress[] }>(what, 'POST', pathOf(network, '/allocate'), body);
    if (answer.status !== 201) return;
    changed('allocate');
    if (answer.body.items.length !== (body.count ?? 1))
      ledger.contradictions.push(`${what} gave ${answer.body.items.length} of ${body.count}`);
    for (const item of answer.body.items) {
      if (body.ip !== undefined && item.ip !== body.ip)
        ledger.contradictions.push(`${item.ip} was given for ${body.ip}`);
      const told = write(item, network);
      own.push(told);
      if (item.expiresAt !== null) expiring.push(told);
    }
  };
  const standing = (pick: number): string | undefined => {
    const ids = [...ledger.reservations].flatMap(([id, state]) => (state === 'stands' ? [id] : []));
    return ids[pick % ids.length];
  };

  for (const step of plan) {
    const network = crowdedNetworks['network' in step ? step.network : 0];
    if (network === undefined) throw new Error('a plan names a network that is not there');
    switch (step.do) {
      case 'allocate':
        await take(step.do, network, {
          count: step.count,
          note: note(),
          ...(step.expires && { expiresAt: inAnHour() }),
        });
        break;
      case 'wish':
        await take(step.do, network, { ip: network.at(step.place), note: note() });
        break;
      case 'claim': {
        const answer = await ask<GivenAddress>(step.do, 'PUT', pathOf(network, `/claims/${step.key}`), {
          note: note(),
          ...(step.place !== null && { ip: network.at(step.place) }),
        });
        if (answer.status >= 300) break;
        changed('claim');
        write(answer.body, network);
        break;
      }
      case 'delete claim':
        ledger.deletedKeys.add(`${network.name} ${step.key}`);
        await ask(step.do, 'DELETE', pathOf(network, `/claims/${step.key}`));
        break;
      case 'release': {
        const [one] = own.splice(step.pick % Math.max(1, own.length), 1);
        if (one === undefined) break;
        const more = own.filter((other) => other.network === one.network).slice(0, step.atMost - 1);
        for (const other of more) own.splice(own.indexOf(other), 1);
        for (const told of [one, ...more]) told.letGo = true;
        const answer = await ask<Released>(step.do, 'POST', pathOf(one.network, '/release'), {
          ips: [one, ...more].map((told) => told.ip),
        });
        if (answer.status === 200 && answer.body.items.some((item) => item.released)) changed('release');
        break;
      }
      case 'let expire': {
        const told = expiring[step.pick % Math.max(1, expiring.length)];
        if (told === undefined) break;
        told.letGo = true;
        // Not to be released any more: by then it may be another's.
        if (own.includes(told)) own.splice(own.indexOf(told), 1);
        await look(
          `UPDATE claims SET expires_at = now() - interval '1 second'
           WHERE id = $1 AND ended_at IS NULL AND nic_id IS NULL AND expires_at IS NOT NULL`,
          [told.id],
        );
        break;
      }
      case 'fix': {
        const servers = mutes.get(network.wire) ?? [];
        const server = servers[step.server % servers.length];
        const mac = server?.macs[step.server % 2];
        const ip = network.at(step.place);
        const answer = await ask<FixResult>(
          step.do,
          'POST',
          `/servers/${server?.name}/fix-nics`,
          step.how === 'order' ? { ips: [ip] } : { nics: [{ mac, ip: step.how === 'clear' ? null : ip }] },
        );
        if (answer.status === 200 && answer.body.fixed + answer.body.cleared > 0) changed('fix_nics');
        break;
      }
      case 'reserve': {
        const answer = await ask<Reservation>(step.do, 'POST', '/reservations', {
          network: network.name,
          kind: step.kind,
          start: network.at(step.place),
          end: network.at(step.place + step.size),
          note: note(),
          ...(step.expires && { expiresAt: inAnHour() }),
        });
        if (answer.status !== 201) break;
        changed('create');
        ledger.reservations.set(answer.body.id, 'stands');
        break;
      }
      case 'change reservation': {
        const id = standing(step.pick);
        if (id === undefined) break;
        const before = await ask<Reservation>(step.do, 'GET', `/reservations/${id}`);
        const home = crowdedNetworks.find((one) => one.name === before.body.network?.name);
        if (home === undefined) break;
        const answer = await ask(step.do, 'PATCH', `/reservations/${id}`, {
          start: home.at(step.place),
          end: home.at(step.place + step.size),
          note: note(),
        });
        if (answer.status === 200) changed('update');
        break;
      }
      case 'delete reservation': {
        const id = standing(step.pick);
        if (id === undefined) break;
        const answer = await ask(step.do, 'DELETE', `/reservations/${id}`);
        if (answer.status !== 204) break;
        changed('delete');
        if (ledger.reservations.get(id) === 'over') ledger.contradictions.push(`${id} was deleted twice`);
        ledger.reservations.set(id, 'over');
        break;
      }
      case 'let reservation expire': {
        const id = standing(step.pick);
        if (id === undefined) break;
        ledger.reservations.set(id, 'expired');
        await look(`UPDATE reservations SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
        break;
      }
      case 'give':
      case 'resize':
      case 'turn':
      case 'rest': {
        const answer = await ask(step.do, 'PATCH', pathOf(network, ''), settingOf(step, network));
        if (answer.status === 200) changed('update');
        break;
      }
    }
  }
}

function settingOf(
  step: Extract<Operation, { do: 'give' | 'resize' | 'turn' | 'rest' }>,
  { at }: CrowdedNetwork,
): Record<string, unknown> {
  switch (step.do) {
    case 'give':
      return { giving: step.parts.map(([first, last]) => ({ start: at(first), end: at(last) })) };
    case 'resize':
      return { end: at(step.end) };
    case 'turn':
      return { allocationPolicy: step.policy };
    case 'rest':
      return { restingSeconds: step.seconds };
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

/** What the book says, held against what the callers were told. */
export async function expectLedgerKept(look: Look, ledger: Ledger): Promise<void> {
  expect(ledger.contradictions).toEqual([]);
  const claims = await look<{
    id: string;
    ip: string;
    source: string;
    nic: string | null;
    ended: string | null;
  }>(`SELECT id, host(ip) AS ip, source, nic_id AS nic, end_reason AS ended FROM claims`);
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  const astray = [...ledger.told.values()].filter((told) => {
    const claim = byId.get(told.id);
    if (claim?.ip !== told.ip) return true;
    if (claim.ended === null || told.letGo || isContested(told)) return false;
    return told.key === null || !ledger.deletedKeys.has(`${told.network.name} ${told.key}`);
  });
  expect(astray, 'told and not kept').toEqual([]);
  expect(
    claims.filter((claim) => claim.ended === null && claim.nic === null && !ledger.told.has(claim.id)),
    'kept and told nobody',
  ).toEqual([]);

  const reservations = new Set(
    (await look<{ id: string }>(`SELECT id FROM reservations`)).map((row) => row.id),
  );
  const wrong = [...ledger.reservations].filter(
    ([id, state]) => state !== 'expired' && reservations.has(id) !== (state === 'stands'),
  );
  expect(wrong, 'reservations that are not as told').toEqual([]);

  const trail = await look<{ action: string; count: number }>(
    `SELECT action, count(*)::int AS count FROM events
     WHERE object_kind IN ('network', 'reservation', 'server') AND NOT (action = 'release' AND before ? 'key') GROUP BY action`,
  );
  expect(new Map(trail.map((row) => [row.action, row.count])), 'lines of the trail').toEqual(ledger.changes);
  const [released] = await look<{ told: number; ended: number }>(
    `SELECT (SELECT coalesce(sum(jsonb_array_length(before->'ips')), 0)::int FROM events WHERE action = 'release') AS told,
       (SELECT count(*)::int FROM claims WHERE end_reason = 'released') AS ended`,
  );
  expect(released?.told).toBe(released?.ended);
}
