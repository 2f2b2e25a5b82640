import type { Holder } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { ClaimSource } from './tables.ts';

/** What a list says of addresses beyond what they are; put together for the addresses of one page. */

interface Ref {
  readonly id: string;
  readonly name: string;
}

export interface ClaimDetail {
  readonly id: string;
  readonly ip: string;
  readonly source: ClaimSource;
  readonly server: Ref | null;
  readonly nic: { id: string; mac: string | null } | null;
  readonly holder: Holder | null;
  readonly key: string | null;
  readonly since: string;
  readonly expiresAt: string | null;
  /** What Tools report on its NIC instead. */
  readonly contradictedBy: string[];
  /** Since when its own NIC reports the address without a break; null where it doesn't. */
  readonly reportedSince: string | null;
  /** When its own NIC reported the address last; null where it never did, or does. */
  readonly reportedUntil: string | null;
}

export interface SightingDetail {
  readonly id: string;
  readonly ip: string;
  readonly server: Ref;
  readonly nic: { id: string; mac: string | null } | null;
  readonly interface: string;
  readonly since: string;
}

export interface ConflictDetail {
  readonly id: string;
  readonly ip: string;
  readonly kind: 'duplicate' | 'moving';
  readonly claimant: string;
  readonly since: string;
}

export interface PartDetail {
  readonly ip: string;
  readonly kind: string;
  readonly object: string;
}

export interface AddressDetails {
  readonly claims: readonly ClaimDetail[];
  readonly sightings: readonly SightingDetail[];
  readonly conflicts: readonly ConflictDetail[];
  readonly parts: readonly PartDetail[];
}

const nic = (id: string, mac: string): string =>
  `CASE WHEN ${id} IS NULL THEN NULL ELSE json_build_object('id', ${id}, 'mac', ${mac}::text) END`;

export async function findAddressDetails(
  db: Queries,
  about: {
    spaceId: string;
    claimIds: readonly string[];
    sightingIds: readonly string[];
    conflictIds: readonly string[];
    /** Canonical: whose parts to play are asked for. */
    partIps: readonly string[];
  },
): Promise<AddressDetails> {
  const { rows } = await sql<AddressDetails>`
    SELECT (SELECT coalesce(json_agg(json_build_object('id', c.id, 'ip', host(c.ip), 'source', c.source,
        'server', CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'name', s.name) END,
        'nic', ${sql.raw(nic('c.nic_id', 'c.mac'))}, 'holder', c.holder, 'key', c.key, 'since', rfc3339(c.started_at),
        'expiresAt', CASE WHEN c.nic_id IS NULL THEN rfc3339(c.expires_at) END,
        'contradictedBy', (SELECT coalesce(json_agg(host(x)), '[]') FROM unnest(c.contradicted_by) x),
        'reportedSince', rfc3339(seen.since), 'reportedUntil', CASE WHEN seen.since IS NULL THEN rfc3339(seen.until) END)
        ORDER BY c.nic_id IS NULL, c.started_at, c.id), '[]')
      FROM claims c LEFT JOIN servers s ON s.id = c.server_id
      LEFT JOIN LATERAL (SELECT min(o.first_seen_at) FILTER (WHERE o.ended_at IS NULL) AS since, max(o.last_seen_at) AS until
        FROM sightings o WHERE o.nic_id = c.nic_id AND o.ip = c.ip) seen ON true
      WHERE c.id = ANY(${[...about.claimIds]}::uuid[])) AS claims,
    (SELECT coalesce(json_agg(json_build_object('id', o.id, 'ip', host(o.ip),
        'server', json_build_object('id', s.id, 'name', s.name), 'nic', ${sql.raw(nic('k.id', 'k.mac'))},
        'interface', o.interface, 'since', rfc3339(o.first_seen_at))), '[]')
      FROM sightings o JOIN servers s ON s.id = o.server_id LEFT JOIN nics k ON k.id = o.nic_id
      WHERE o.id = ANY(${[...about.sightingIds]}::uuid[])) AS sightings,
    (SELECT coalesce(json_agg(json_build_object('id', x.id, 'ip', host(x.ip), 'kind', x.kind, 'claimant', s.name,
        'since', rfc3339(x.started_at))), '[]')
      FROM conflicts x JOIN nics k ON k.id = x.nic_id JOIN servers s ON s.id = k.server_id
      WHERE x.id = ANY(${[...about.conflictIds]}::uuid[])) AS conflicts,
    (SELECT coalesce(json_agg(json_build_object('ip', host(k.ip), 'kind', k.kind, 'object', coalesce(n.name, k.object_name))
        ORDER BY k.kind, k.owner_id), '[]')
      FROM known_addresses k LEFT JOIN networks n ON n.id = k.object_id
      WHERE k.space_id = ${about.spaceId} AND k.ip = ANY(${[...about.partIps]}::inet[])) AS parts`.execute(
    db,
  );
  return rows[0] ?? { claims: [], sightings: [], conflicts: [], parts: [] };
}
