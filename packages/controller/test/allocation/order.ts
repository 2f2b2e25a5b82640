import type { GivenAddress, ProblemBody } from '@wirebook/contract';
import { Pool } from 'pg';
import { expect } from 'vitest';

/** Rows of a statement, beside the controllers. */
export type Look = <T extends object>(statement: string, values?: readonly unknown[]) => Promise<T[]>;
/** A request to one of the controllers. */
export type Call = <T>(method: string, path: string, body?: unknown) => Promise<{ status: number; body: T }>;

/** A look into the book from beside the controllers, also for many at once. */
export interface AddressBook extends AsyncDisposable {
  readonly look: Look;
}

export function openAddressBook(databaseUrl: string): AddressBook {
  const pool = new Pool({ connectionString: databaseUrl, max: 4 });
  // The database is dropped under it when the test ends.
  pool.on('error', () => undefined);
  return {
    look: async <T extends object>(statement: string, values: readonly unknown[] = []) =>
      (await pool.query<T>(statement, [...values])).rows,
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** What must hold of every book of addresses, whoever wrote it, and whatever ended him. */
export async function expectAddressesInOrder(look: Look): Promise<void> {
  const broken = {
    heldTwice: await look(`SELECT space_id, host(ip) AS ip FROM claims WHERE ended_at IS NULL AND NOT shared
      GROUP BY space_id, ip HAVING count(*) > 1`),
    keysWithTwoAddresses:
      await look(`SELECT network_id, key FROM claims WHERE ended_at IS NULL AND key IS NOT NULL
      GROUP BY network_id, key HAVING count(*) > 1`),
    outsideTheirNetwork:
      await look(`SELECT host(c.ip) AS ip, n.name FROM claims c LEFT JOIN networks n ON n.id = c.network_id
      WHERE c.ended_at IS NULL AND (n.id IS NULL OR NOT n.span @> c.ip OR n.space_id <> c.space_id)`),
    ofHalfANic: await look(`SELECT host(ip) AS ip FROM claims
      WHERE ended_at IS NULL AND (nic_id IS NULL) <> (server_id IS NULL)`),
    reservationsOutsideTheirNetwork: await look(`SELECT r.span::text, n.name FROM reservations r
      LEFT JOIN networks n ON n.id = r.network_id AND n.space_id = r.space_id WHERE n.id IS NULL OR NOT n.span @> r.span`),
    givingOutsideTheRange: await look(`SELECT name FROM networks WHERE NOT span @> giving`),
    reportedByNicsOfTheWireAndNobodys: await look(`SELECT host(o.ip) AS ip, s.name FROM sightings o
      JOIN nics k ON k.id = o.nic_id JOIN servers s ON s.id = o.server_id
      JOIN network_wires w ON w.wire_id = k.wire_id AND w.origin IN ('primary', 'declared', 'detected')
      JOIN networks n ON n.id = w.network_id AND n.space_id = o.space_id AND n.span @> o.ip
      WHERE o.ended_at IS NULL AND o.candidate
        AND NOT EXISTS (SELECT FROM claims c WHERE c.space_id = o.space_id AND c.ip = o.ip AND c.ended_at IS NULL)`),
    settledAndUnresolved:
      await look(`SELECT host(r.ip) AS ip FROM nic_reasons r JOIN claims c ON c.nic_id = r.nic_id
      AND c.ended_at IS NULL AND (c.ip = r.ip OR r.ip IS NULL)`),
    // What was given in one go is there in one go: each line of the trail names claims that came to be.
    toldAndNeverMade:
      await look(`SELECT e.id, t.ip FROM events e, jsonb_array_elements_text(e.after->'ips') AS t(ip)
      WHERE e.object_kind = 'network' AND e.action IN ('allocate', 'claim') AND NOT EXISTS (
        SELECT FROM claims c WHERE c.network_name = e.object_name AND c.ip = t.ip::inet)`),
    madeAndNeverTold: await look(`SELECT host(c.ip) AS ip, c.network_name FROM claims c
      WHERE c.source = 'allocated' AND NOT EXISTS (
        SELECT FROM events e WHERE e.object_kind = 'network' AND e.object_name = c.network_name
          AND e.action IN ('allocate', 'claim') AND e.after->'ips' ? host(c.ip))`),
  };
  for (const [what, rows] of Object.entries(broken)) expect(rows, what).toEqual([]);
}

/** Every address of `giving` that nothing keeps, found the slow way: each address by itself, held against each table. */
async function addressesNothingKeeps(look: Look, network: string): Promise<string[]> {
  const rows = await look<{ ip: string }>(
    `SELECT host(a.ip) AS ip
     FROM networks n CROSS JOIN unnest(n.giving) AS g(part)
     CROSS JOIN LATERAL (SELECT lower(g.part) + step AS ip
       FROM generate_series(0, upper(g.part) - lower(g.part)) AS s(step)) a
     WHERE n.name = $1
       AND NOT EXISTS (SELECT FROM claims x WHERE x.space_id = n.space_id AND x.ip = a.ip AND x.ended_at IS NULL
         AND (x.nic_id IS NOT NULL OR x.expires_at IS NULL OR x.expires_at > now()))
       AND NOT EXISTS (SELECT FROM sightings x WHERE x.space_id = n.space_id AND x.ip = a.ip AND x.ended_at IS NULL)
       AND NOT EXISTS (SELECT FROM known_addresses x WHERE x.space_id = n.space_id AND x.ip = a.ip)
       AND NOT EXISTS (SELECT FROM shared_addresses x WHERE x.space_id = n.space_id AND x.ip = a.ip)
       AND NOT EXISTS (SELECT FROM reservations x WHERE x.space_id = n.space_id AND x.span @> a.ip
         AND (x.expires_at IS NULL OR x.expires_at > now()))
     ORDER BY a.ip`,
    [network],
  );
  return rows.map((row) => row.ip);
}

const TAKERS = 12;

/**
 * Releases all that was asked for, lets nothing rest, and takes addresses with many hands until there are none: exactly those come that
 * nothing keeps, each once. Nothing of the network is changed that would make giving begin anew: what was lost stays lost and is missed.
 */
export async function expectNoneLost(
  look: Look,
  calls: readonly Call[],
  networks: readonly string[],
): Promise<void> {
  const [first] = calls;
  if (first === undefined) throw new Error('somebody must ask');
  const exhaust = async (
    network: string,
  ): Promise<{ network: string; expected: string[]; given: string[]; left: string[] }> => {
    const path = `/api/v1/networks/${encodeURIComponent(network)}`;
    const asked = await look<{ ip: string }>(
      `SELECT DISTINCT host(c.ip) AS ip FROM claims c JOIN networks n ON n.id = c.network_id
       WHERE n.name = $1 AND c.ended_at IS NULL AND c.source <> 'tools'`,
      [network],
    );
    if (asked.length > 0) {
      const released = await first<ProblemBody>('POST', `${path}/release`, {
        ips: asked.map((row) => row.ip),
      });
      expect(released.status, JSON.stringify(released.body)).toBe(200);
    }
    const rested = await first<ProblemBody>('PATCH', path, { restingSeconds: 0 });
    expect(rested.status, JSON.stringify(rested.body)).toBe(200);
    const expected = await addressesNothingKeeps(look, network);
    const given = await takeAll(calls, path);
    return { network, expected, given, left: await addressesNothingKeeps(look, network) };
  };
  for (const { network, expected, given, left } of await Promise.all(networks.map(exhaust))) {
    expect(given.toSorted(), network).toEqual(expected.toSorted());
    expect(left, network).toEqual([]);
  }
  await expectAddressesInOrder(look);
}

async function takeAll(calls: readonly Call[], path: string): Promise<string[]> {
  const given: string[] = [];
  await Promise.all(
    Array.from({ length: TAKERS }, async (_, at) => {
      const call = calls[at % calls.length];
      if (call === undefined) return;
      for (;;) {
        const answer = await call<{ items: GivenAddress[] } & ProblemBody>('POST', `${path}/allocate`, {});
        if (answer.status !== 201) {
          expect(['network_full', 'gives_nothing']).toContain(answer.body.code);
          return;
        }
        given.push(...answer.body.items.map((item) => item.ip));
      }
    }),
  );
  return given;
}
