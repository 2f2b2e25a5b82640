import type { ReasonCode } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { StatusDetail, WireOrigin } from './tables.ts';

interface NetworkNamed {
  id: string;
  name: string;
  start: string;
  end: string;
}
/** A reason as stored, with what its remedy asks: the words are put to it in the reader's language. */
export interface StoredReason {
  code: ReasonCode;
  ip: string | null;
  network: NetworkNamed | null;
  wire: { id: string; name: string } | null;
  server: { id: string; name: string } | null;
  /** Of `other_wire`: what the NIC's own wire is to the network so far. */
  link: { origin: WireOrigin; contradictions: StatusDetail[] | null } | null;
  /** Of `taken`: the conflict that lasts, and how it was decided. */
  conflict: { id: string; resolution: string | null } | null;
  /** Of `no_network`: the prefix that the guest itself says the address is in, and a network that has a part of it. */
  cidr: string | null;
  beside: (NetworkNamed & { holds: boolean }) | null;
  /** The NIC's wire carries many VLANs: which of them the address is of it does not tell. */
  trunk: boolean;
}

const networkNamed = (
  alias: string,
): RawBuilder<unknown> => sql`'id', ${sql.ref(`${alias}.id`)}, 'name', ${sql.ref(`${alias}.name`)},
  'start', host(lower(${sql.ref(`${alias}.span`)})), 'end', host(upper(${sql.ref(`${alias}.span`)}))`;

/** A /24 or /64 where the guest doesn't say in which prefix its address is. */
const reportedPrefix = sql`(SELECT network(set_masklen(r.ip, coalesce(
    (SELECT o.prefix_length FROM sightings o WHERE o.nic_id = r.nic_id AND o.ip = r.ip AND o.ended_at IS NULL
      AND o.prefix_length < CASE family(r.ip) WHEN 4 THEN 32 ELSE 128 END LIMIT 1),
    CASE family(r.ip) WHEN 4 THEN 24 ELSE 64 END))) AS cidr)`;
/** Of several networks with a part of the prefix the one that could grow to hold the address: the last that begins before it. */
const networkBeside = sql`(SELECT x.id, x.name, x.span, x.cidr >>= r.ip AS holds FROM networks x
  WHERE x.space_id = r.space_id AND x.span && inetrange(host(p.cidr)::inet, host(broadcast(p.cidr))::inet, '[]')
  ORDER BY x.cidr >>= r.ip DESC, lower(x.span) <= r.ip DESC,
    CASE WHEN lower(x.span) <= r.ip THEN lower(x.span) END DESC, lower(x.span) LIMIT 1)`;

/** The reasons of a NIC aliased `n` on the wire `w`, in their order, as a JSON array. */
export const reasonsOfNic = sql`coalesce((SELECT json_agg(json_build_object('code', r.code, 'ip', host(r.ip),
      'network', CASE WHEN rn.id IS NULL THEN NULL ELSE json_build_object(${networkNamed('rn')}) END,
      'wire', CASE WHEN rw.id IS NULL THEN NULL ELSE json_build_object('id', rw.id, 'name', rw.name) END,
      'server', CASE WHEN rs.id IS NULL THEN NULL ELSE json_build_object('id', rs.id, 'name', rs.name) END,
      'link', (SELECT json_build_object('origin', l.origin, 'contradictions', l.contradiction) FROM network_wires l
        WHERE l.network_id = r.network_id AND l.wire_id = n.wire_id),
      'conflict', (SELECT json_build_object('id', x.id, 'resolution', x.resolution) FROM conflicts x
        WHERE x.space_id = r.space_id AND x.ip = r.ip AND x.nic_id = r.nic_id AND x.ended_at IS NULL),
      'cidr', p.cidr::text,
      'beside', CASE WHEN b.id IS NULL THEN NULL ELSE json_build_object(${networkNamed('b')}, 'holds', b.holds) END,
      'trunk', coalesce(w.vlan->>'kind' = 'trunk', false))
      ORDER BY r.position)
    FROM nic_reasons r LEFT JOIN networks rn ON rn.id = r.network_id LEFT JOIN wires rw ON rw.id = r.wire_id
    LEFT JOIN servers rs ON rs.id = r.server_id
    LEFT JOIN LATERAL ${reportedPrefix} p ON r.code = 'no_network'
    LEFT JOIN LATERAL ${networkBeside} b ON r.code = 'no_network'
    WHERE r.nic_id = n.id), '[]')`;
