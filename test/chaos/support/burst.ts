import type { FixResult, GivenAddress, ImportedAddresses, Released, Reservation } from '@wirebook/contract';
import { expect } from 'vitest';
import type { Call, Look } from '../../../packages/controller/test/allocation/order.ts';

/** A request for a change, and what its caller heard of it. */
export interface Asked {
  readonly what: 'allocate' | 'claim' | 'release' | 'fix' | 'import' | 'reserve' | 'unreserve';
  readonly network: string;
  /** Its own word in what it makes: by it the book tells what became of it. */
  readonly note: string;
  /** How many addresses it is to make or to release. */
  readonly count: number;
  /** The addresses it names, or the reservation that it is about. */
  readonly names: readonly string[];
  /** `unanswered`: the controller died first. */
  answer: 'unanswered' | 'refused' | 'done';
  /** Ids of what came of it, as answered. */
  ids: readonly string[];
}

/** Where the callers of a burst make their requests. */
export interface Ground {
  /** Networks that addresses are given from. */
  readonly giving: readonly string[];
  /** One that addresses are written down in, by hand and from files, each time others; and the servers for that. */
  readonly written: { network: string; addressOf: (nr: number) => string; servers: readonly string[] };
  /** One that is kept back in part. */
  readonly kept: { network: string; addressOf: (nr: number) => string };
}

/** All that was asked so far, by however many callers. */
export interface Notebook {
  readonly asked: Asked[];
  /** Claims that somebody has and nobody asked to release: `id` to its address and network. */
  readonly held: Map<string, { ip: string; network: string }>;
  /** Of each key (`network key`) the first claim that anybody was told. */
  readonly keys: Map<string, { id: string; ip: string }>;
  readonly contradictions: string[];
}

export function openNotebook(): Notebook {
  return { asked: [], held: new Map(), keys: new Map(), contradictions: [] };
}

const STEPS = [
  'allocate',
  'allocate many',
  'claim',
  'release',
  'allocate',
  'fix',
  'release many',
  'reserve',
  'allocate',
  'import',
  'claim',
  'unreserve',
] as const;
const ROWS = 5;
const KEYS = 6;

/** Asks for one thing after another, each caller beginning at another place, so often or until the controller is gone. */
export async function burst(
  call: Call,
  parts: { caller: number; times: number; ground: Ground; notebook: Notebook; onAnswer: () => void },
): Promise<void> {
  const { caller, times, ground, notebook } = parts;
  const own: { id: string; ip: string; network: string }[] = [];
  const reserved: string[] = [];
  const begin = (
    what: Asked['what'],
    about: { network: string; count: number; names?: readonly string[] },
  ): Asked => {
    const asked: Asked = {
      what,
      note: `request ${notebook.asked.length}`,
      names: [],
      answer: 'unanswered',
      ids: [],
      ...about,
    };
    notebook.asked.push(asked);
    return asked;
  };
  const send = async <T>(
    asked: Asked,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T | undefined> => {
    const answer = await call<T & { code?: string }>(method, `/api/v1${path}`, body);
    parts.onAnswer();
    if (answer.status >= 500)
      notebook.contradictions.push(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    asked.answer = answer.status < 300 ? 'done' : 'refused';
    return answer.status < 300 ? answer.body : undefined;
  };
  const take = async (network: string, count: number): Promise<void> => {
    const asked = begin('allocate', { network, count });
    const body = await send<{ items: GivenAddress[] }>(asked, 'POST', `/networks/${network}/allocate`, {
      count,
      note: asked.note,
    });
    asked.ids = body?.items.map((item) => item.id) ?? [];
    for (const { id, ip } of body?.items ?? []) {
      own.push({ id, ip, network });
      notebook.held.set(id, { ip, network });
    }
  };
  const release = async (count: number): Promise<void> => {
    const network = own[0]?.network;
    const some = own.filter((one) => one.network === network).slice(0, count);
    if (network === undefined) return;
    for (const one of some) {
      own.splice(own.indexOf(one), 1);
      notebook.held.delete(one.id);
    }
    const asked = begin('release', {
      network,
      count: some.length,
      names: some.map((one) => one.id),
    });
    await send<Released>(asked, 'POST', `/networks/${network}/release`, { ips: some.map((one) => one.ip) });
  };

  const { giving, written, kept } = ground;
  try {
    for (let turn = 0; turn < times; turn += 1) {
      const network = giving[(caller + turn) % giving.length] ?? '';
      switch (STEPS[(caller * 5 + turn) % STEPS.length]) {
        case 'allocate':
          await take(network, 1);
          break;
        case 'allocate many':
          await take(network, 4);
          break;
        case 'release':
          await release(1);
          break;
        case 'release many':
          await release(3);
          break;
        case 'claim': {
          const key = `key ${(caller + turn) % KEYS}`;
          const asked = begin('claim', { network, count: 1, names: [key] });
          const body = await send<GivenAddress>(
            asked,
            'PUT',
            `/networks/${network}/claims/${encodeURIComponent(key)}`,
            {},
          );
          if (body !== undefined) writeKey(notebook, `${network} ${key}`, body);
          break;
        }
        case 'fix': {
          const nr = notebook.asked.length * 2;
          const server = written.servers[notebook.asked.filter((one) => one.what === 'fix').length];
          if (server === undefined) break;
          const ips = [written.addressOf(nr), written.addressOf(nr + 1)];
          const asked = begin('fix', { network: written.network, count: 2, names: ips });
          await send<FixResult>(asked, 'POST', `/servers/${server}/fix-nics`, { ips });
          break;
        }
        case 'import': {
          const nr = notebook.asked.length * ROWS;
          const ips = Array.from({ length: ROWS }, (_, row) => written.addressOf(100_000 + nr + row));
          const asked = begin('import', { network: written.network, count: ROWS, names: ips });
          await send<ImportedAddresses>(asked, 'POST', '/imports/addresses', {
            rows: ips.map((ip) => ({ ip, name: asked.note })),
          });
          break;
        }
        case 'reserve': {
          const ip = kept.addressOf(notebook.asked.length);
          const asked = begin('reserve', { network: kept.network, count: 1, names: [ip] });
          const body = await send<Reservation>(asked, 'POST', '/reservations', {
            network: kept.network,
            start: ip,
            note: asked.note,
          });
          if (body === undefined) break;
          asked.ids = [body.id];
          reserved.push(body.id);
          break;
        }
        case 'unreserve': {
          const id = reserved.shift();
          if (id === undefined) break;
          const asked = begin('unreserve', { network: kept.network, count: 1, names: [id] });
          await send(asked, 'DELETE', `/reservations/${id}`);
          break;
        }
        case undefined:
          throw new Error('a step is missing');
      }
    }
  } catch (error) {
    // The controller is gone in the middle of the request: nobody hears what became of it.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** The same key has the same address, whoever asks. */
export function writeKey(notebook: Notebook, name: string, { id, ip }: GivenAddress): void {
  const first = notebook.keys.get(name);
  if (first === undefined) notebook.keys.set(name, { id, ip });
  else if (first.id !== id || first.ip !== ip)
    notebook.contradictions.push(`${name} was ${first.ip} and is ${ip}`);
}

/** What was answered is in the book; of what was not, everything or nothing. */
export async function expectNothingHalfDone(look: Look, { asked, held, ...rest }: Notebook): Promise<void> {
  expect(rest.contradictions).toEqual([]);
  const claims = await look<{ id: string; ip: string; note: string | null; name: string; live: boolean }>(
    `SELECT id, host(ip) AS ip, holder->>'note' AS note, coalesce(holder->>'name', '') AS name, ended_at IS NULL AS live FROM claims`,
  );
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  const byNote = Map.groupBy(claims, (claim) => claim.note);
  const liveByIp = Map.groupBy(
    claims.filter((claim) => claim.live),
    (claim) => claim.ip,
  );
  const reservations = await look<{ id: string; note: string }>(`SELECT id, note FROM reservations`);
  const unreserved = new Set(asked.flatMap((one) => (one.what === 'unreserve' ? one.names : [])));

  /** How much of it is in the book. */
  const doneOf = (one: Asked): number => {
    switch (one.what) {
      case 'allocate':
        return (byNote.get(one.note) ?? []).length;
      case 'release':
        return one.names.filter((id) => byId.get(id)?.live === false).length;
      case 'fix':
        return one.names.filter((ip) => (liveByIp.get(ip) ?? []).length === 1).length;
      case 'import':
        return one.names.filter((ip) => liveByIp.get(ip)?.[0]?.name === one.note).length;
      case 'reserve':
        return one.ids.some((id) => unreserved.has(id)) || reservations.some((row) => row.note === one.note)
          ? 1
          : 0;
      case 'unreserve':
        return reservations.some((row) => one.names.includes(row.id)) ? 0 : 1;
      case 'claim':
        return one.answer === 'refused' ? 0 : 1;
    }
  };
  const wrong = asked.flatMap((one) => {
    const done = doneOf(one);
    const right =
      one.answer === 'done'
        ? done === one.count
        : done === 0 || (one.answer === 'unanswered' && done === one.count);
    return right ? [] : [{ ...one, done }];
  });
  expect(wrong, 'half done, or otherwise than answered').toEqual([]);
  const lost = [...held].filter(([id, { ip }]) => byId.get(id)?.ip !== ip || byId.get(id)?.live !== true);
  expect(lost, 'acknowledged and gone').toEqual([]);
}

/** Waits until nothing that a dead controller began is still under way in the database. */
export async function sessionsOf(look: Look): Promise<number> {
  const rows = await look(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'wirebook%'`,
  );
  return rows.length;
}
