import type { Holder, List, NetworkAddress } from '@wirebook/contract';
import { expect } from 'vitest';
import type { EstateController } from './estate-controller.ts';

/** Things that make an address other than free, put into a network beside the controller. */

/** A claim without NIC. */
export async function hold(
  lab: EstateController,
  network: string,
  claim: {
    ip: string;
    source: 'manual' | 'allocated';
    key?: string;
    holder?: Holder;
    expiresAt?: string;
  },
): Promise<void> {
  await lab.sql(
    `INSERT INTO claims (space_id, ip, network_id, network_name, source, key, holder, mac, expires_at, started_at)
     SELECT space_id, $2, id, name, $3, $4, $5, ($5::jsonb->>'mac')::macaddr, $6, now() - interval '2 hours'
     FROM networks WHERE name = $1`,
    [
      network,
      claim.ip,
      claim.source,
      claim.key ?? null,
      claim.holder === undefined ? null : JSON.stringify(claim.holder),
      claim.expiresAt ?? null,
    ],
  );
}

export async function reserve(
  lab: EstateController,
  network: string,
  range: { start: string; end: string; kind?: 'reserved' | 'dhcp'; note?: string; expiresAt?: string },
): Promise<void> {
  await lab.sql(
    `INSERT INTO reservations (space_id, network_id, kind, span, note, expires_at)
     SELECT space_id, id, $2, inetrange($3::inet, $4::inet, '[]'), $5, $6 FROM networks WHERE name = $1`,
    [network, range.kind ?? 'reserved', range.start, range.end, range.note ?? '', range.expiresAt ?? null],
  );
}

/** Holds that all end at one moment: their addresses rest from now on. */
export async function restFrom(
  lab: EstateController,
  network: string,
  ips: readonly string[],
): Promise<void> {
  for (const ip of ips) await hold(lab, network, { ip, source: 'allocated' });
  await lab.sql(
    `UPDATE claims SET ended_at = now(), end_reason = 'released'
     WHERE ended_at IS NULL AND network_id = (SELECT id FROM networks WHERE name = $1) AND ip = ANY($2::inet[])`,
    [network, ips],
  );
}

export const addressesPath = (network: string, query = ''): string =>
  `/api/v1/networks/${encodeURIComponent(network)}/addresses${query}`;

type AddressQuery = Record<string, string | number>;

/** One page of a network's addresses. */
export async function pageOfAddresses(
  lab: EstateController,
  network: string,
  query: AddressQuery = {},
): Promise<List<NetworkAddress>> {
  const text = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const answer = await lab.controller.call<List<NetworkAddress>>(
    'GET',
    addressesPath(network, `?${text.toString()}`),
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

/** Every item, page by page. */
export async function allAddresses(
  lab: EstateController,
  network: string,
  query: AddressQuery = {},
): Promise<NetworkAddress[]> {
  const items: NetworkAddress[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: List<NetworkAddress> = await pageOfAddresses(lab, network, {
      ...query,
      ...(cursor !== '' && { cursor }),
    });
    expect(page.items.length).toBeLessThanOrEqual(Number(query['limit'] ?? 50));
    expect(page.total).toBeNull();
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

/** `start-end state`, or `address state`. */
export function tellAddresses(items: readonly NetworkAddress[]): string[] {
  return items.map((item) =>
    item.start === item.end ? `${item.start} ${item.state}` : `${item.start}-${item.end} ${item.state}`,
  );
}
