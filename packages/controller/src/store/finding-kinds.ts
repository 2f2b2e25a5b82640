import type { FindingKind } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import { MOVED_AT_LEAST, MOVED_OF_TEN } from '../domain/moved-networks.ts';
import { reportsLive } from './wire-detection.ts';

/**
 * One query for each kind of finding, over what guests report now, what people declared, and what hosts have. Columns in this order: kind,
 * key (what tells it from others of its kind), account_id, space_id, server_id, nic_id, network_id, wire_id, ip, expected, found, params,
 * since. `sv` is the server, `n` the NIC, `o` what it reports, `l` and `nw` a network of the NIC's own wire.
 */

/** Reports of present NICs of running guests. */
const reports = sql`sightings o JOIN nics n ON n.id = o.nic_id AND n.missing_since IS NULL
  JOIN servers sv ON sv.id = n.server_id AND ${reportsLive}`;
/** The networks of the NIC's wire. */
const networksOfNic = sql`JOIN network_wires l ON l.wire_id = n.wire_id AND l.origin IN ('primary', 'declared', 'detected')
  JOIN networks nw ON nw.id = l.network_id`;
const reportsCandidate = sql`o.ended_at IS NULL AND o.candidate`;

/** The default gateways that the guest has through the NIC, each once. */
const gatewaysOfNic = sql`(SELECT DISTINCT r.ip FROM jsonb_to_recordset(sv.routing -> 'gateways') AS r(ip inet, device integer)
  WHERE r.device IS NULL OR r.device = n.device_key)`;
/** Where a NIC is in a network: the address it reports there. No row where it reports none. */
const ownAddress = sql`(SELECT min(x.ip) AS ip, min(x.first_seen_at) AS since FROM sightings x
  WHERE x.nic_id = n.id AND x.ended_at IS NULL AND x.candidate AND nw.span @> x.ip HAVING count(*) > 0)`;
const servers = sql`servers sv JOIN nics n ON n.server_id = sv.id AND n.missing_since IS NULL`;

/** A secondary address, a VPN's or a cluster's, has no network of its own around it: /32 and /128 say nothing. */
const guestMask = sql`
  SELECT 'guest_mask', concat_ws(' ', n.id, nw.id, host(o.ip)), n.account_id, o.space_id, n.server_id, n.id, nw.id, n.wire_id, o.ip,
    '/' || masklen(nw.cidr), '/' || o.prefix_length, NULL::jsonb, o.first_seen_at
  FROM ${reports} ${networksOfNic}
  WHERE ${reportsCandidate} AND nw.span @> o.ip AND o.prefix_length <> masklen(nw.cidr)
    AND o.prefix_length < CASE family(o.ip) WHEN 4 THEN 32 ELSE 128 END`;

/** Who has the network's gateway among several is well served, and the gateway itself goes another way. */
const guestGateway = sql`
  SELECT 'guest_gateway', concat_ws(' ', n.id, nw.id, host(g.ip)), n.account_id, nw.space_id, n.server_id, n.id, nw.id, n.wire_id, own.ip,
    host(nw.gateway), host(g.ip), NULL::jsonb, own.since
  FROM ${servers} ${networksOfNic} CROSS JOIN LATERAL ${gatewaysOfNic} g CROSS JOIN LATERAL ${ownAddress} own
  WHERE ${reportsLive} AND nw.gateway IS NOT NULL AND g.ip << nw.cidr AND g.ip <> nw.gateway
    AND NOT EXISTS (SELECT FROM ${gatewaysOfNic} e WHERE e.ip = nw.gateway)
    AND NOT EXISTS (SELECT FROM sightings x WHERE x.server_id = sv.id AND x.ended_at IS NULL AND x.ip = nw.gateway)`;

/** The network is named where the wire has but one of IPv4. */
const linkLocalAddress = sql`
  SELECT 'link_local_address', n.id::text, n.account_id, f.space_id, n.server_id, n.id,
    (SELECT (array_agg(nw.id))[1] FROM network_wires l JOIN networks nw ON nw.id = l.network_id AND nw.family = 4
      WHERE l.wire_id = n.wire_id AND l.origin IN ('primary', 'declared', 'detected') HAVING count(*) = 1),
    n.wire_id, f.ip, NULL, f.ips, NULL::jsonb, f.since
  FROM (SELECT o.nic_id, (array_agg(o.space_id))[1] AS space_id, min(o.ip) AS ip,
      string_agg(host(o.ip), ', ' ORDER BY o.ip) AS ips, min(o.first_seen_at) AS since
    FROM sightings o WHERE o.ended_at IS NULL AND o.ip << inet '169.254.0.0/16' AND o.nic_id IS NOT NULL GROUP BY o.nic_id) f
  JOIN nics n ON n.id = f.nic_id AND n.missing_since IS NULL AND n.connected
  JOIN servers sv ON sv.id = n.server_id AND ${reportsLive}
  WHERE NOT EXISTS (SELECT FROM sightings x WHERE x.nic_id = n.id AND x.ended_at IS NULL AND family(x.ip) = 4
    AND NOT x.ip << inet '169.254.0.0/16')`;

/** Who has the address: by a record or as a holder, otherwise by a report. */
const duplicateAddress = sql`
  SELECT 'duplicate_address', concat_ws(' ', n.id, host(o.ip)), n.account_id, o.space_id, n.server_id, n.id,
    (SELECT (array_agg(nw.id))[1] FROM network_wires l JOIN networks nw ON nw.id = l.network_id
      WHERE l.wire_id = n.wire_id AND l.origin IN ('primary', 'declared', 'detected') AND nw.span @> o.ip),
    n.wire_id, o.ip, NULL, coalesce(
      (SELECT coalesce(hs.name, c.server_name, nullif(c.holder->>'name', ''), c.key) FROM claims c
        LEFT JOIN servers hs ON hs.id = c.server_id
        WHERE c.space_id = o.space_id AND c.ip = o.ip AND c.ended_at IS NULL AND c.server_id IS DISTINCT FROM n.server_id
        ORDER BY c.started_at LIMIT 1),
      (SELECT os.name FROM sightings x JOIN servers os ON os.id = x.server_id
        WHERE x.space_id = o.space_id AND x.ip = o.ip AND x.ended_at IS NULL AND x.server_id <> n.server_id
        ORDER BY x.first_seen_at, os.name LIMIT 1)),
    NULL::jsonb, o.first_seen_at
  FROM ${reports} WHERE o.ended_at IS NULL AND o.state = 'duplicate'`;

/** The VLAN of most hosts is the one that was meant; among equals that of the first host by name. */
const vlanDisagreement = sql`
  SELECT 'vlan_disagreement', w.id::text, w.account_id, w.space_id, NULL::uuid, NULL::uuid, NULL::uuid, w.id, NULL::inet, NULL, NULL,
    jsonb_build_object('vlans', x.vlans), w.updated_at
  FROM wires w CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('vlan', v.vlan, 'hosts', v.hosts) ORDER BY v.count DESC, v.first) AS vlans FROM (
      SELECT p.vlan, count(*) AS count, min(h.name) AS first,
        jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) ORDER BY h.name) AS hosts
      FROM wire_presence p JOIN hosts h ON h.id = p.host_id AND h.missing_since IS NULL
      WHERE p.account_id = w.account_id AND p.wire_id = w.id GROUP BY p.vlan) v) x
  WHERE w.vlan_disagreement AND w.missing_since IS NULL AND w.purpose <> 'uplink' AND jsonb_array_length(x.vlans) > 1`;

const dhcpRanges = sql`FROM reservations r WHERE r.network_id = nw.id AND r.kind = 'dhcp'
  AND (r.expires_at IS NULL OR r.expires_at > now())`;

/**
 * Where a network has a DHCP range, a lease outside of it; where it has none, leases among guests that are for the most part configured by
 * hand. Where most have leases somebody gives them on purpose, and merely nobody has said so.
 */
const unexpectedDhcp = sql`
  SELECT 'unexpected_dhcp', concat_ws(' ', d.nic_id, d.network_id, host(d.ip)), d.account_id, d.space_id, d.server_id, d.nic_id, d.network_id,
    d.wire_id, d.ip, NULL, 'dhcp', jsonb_build_object('ranges', d.ranges, 'configured', d.configured, 'leased', d.leased), d.since
  FROM (
    SELECT n.id AS nic_id, nw.id AS network_id, n.account_id, o.space_id, n.server_id, n.wire_id, o.ip, o.origin, o.first_seen_at AS since,
      (SELECT string_agg(host(lower(r.span)) || '-' || host(upper(r.span)), ', ' ORDER BY r.span) ${dhcpRanges}) AS ranges,
      EXISTS (SELECT ${dhcpRanges} AND r.span @> o.ip) AS expected,
      count(*) FILTER (WHERE o.origin = 'manual') OVER (PARTITION BY nw.id) AS configured,
      count(*) FILTER (WHERE o.origin = 'dhcp') OVER (PARTITION BY nw.id) AS leased
    FROM ${reports} ${networksOfNic}
    WHERE ${reportsCandidate} AND o.origin IN ('dhcp', 'manual') AND nw.span @> o.ip) d
  WHERE d.origin = 'dhcp' AND NOT d.expected AND (d.ranges IS NOT NULL OR d.configured >= d.leased)`;

/** All guests of a network that have a gateway in it have the same one, and the network has none. */
const gatewayUnset = sql`
  SELECT 'gateway_unset', u.id::text, w.account_id, u.space_id, NULL::uuid, NULL::uuid, u.id, w.id, u.gateway, NULL, host(u.gateway),
    jsonb_build_object('servers', u.servers), u.since
  FROM (
    SELECT nw.id, nw.space_id, min(g.ip) AS gateway, count(DISTINCT sv.id) AS servers, min(own.since) AS since
    FROM ${servers} ${networksOfNic} CROSS JOIN LATERAL ${gatewaysOfNic} g CROSS JOIN LATERAL ${ownAddress} own
    WHERE ${reportsLive} AND nw.gateway IS NULL AND g.ip << nw.cidr
    GROUP BY nw.id HAVING count(DISTINCT g.ip) = 1) u
  JOIN network_wires p ON p.network_id = u.id AND p.origin = 'primary' JOIN wires w ON w.id = p.wire_id`;

const wireSuggested = sql`
  SELECT 'wire_suggested', concat_ws(' ', l.network_id, l.wire_id), w.account_id, l.space_id, NULL::uuid, NULL::uuid, l.network_id, w.id,
    NULL::inet, NULL, NULL, jsonb_build_object('servers', l.evidence_count, 'contradictions', coalesce(l.contradiction, '[]')), l.created_at
  FROM network_wires l JOIN wires w ON w.id = l.wire_id WHERE l.origin = 'suggested'`;

/**
 * Nearly all NICs of a network are on one other wire by now (the rule of `whereNicsWent`). A wire that so many use is one of the network's
 * links already, with its evidence: only those are counted.
 */
const networkMoved = sql`
  SELECT 'network_moved', concat_ws(' ', nw.id, to_wire.id), to_wire.account_id, nw.space_id, NULL::uuid, NULL::uuid, nw.id, to_wire.id,
    NULL::inet, from_wire.name, to_wire.name, jsonb_build_object('moved', place.nics, 'total', place.total), l.created_at
  FROM network_wires l JOIN networks nw ON nw.id = l.network_id
  JOIN wires to_wire ON to_wire.id = l.wire_id AND to_wire.purpose = 'vm' AND to_wire.missing_since IS NULL
  JOIN network_wires p ON p.network_id = nw.id AND p.origin = 'primary' JOIN wires from_wire ON from_wire.id = p.wire_id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE k.wire_id = l.wire_id) AS nics, count(*) AS total
    FROM (SELECT o.nic_id FROM sightings o WHERE o.space_id = nw.space_id AND o.ip >= lower(nw.span) AND o.ip <= upper(nw.span)
        AND o.ended_at IS NULL AND o.candidate AND o.nic_id IS NOT NULL
      UNION SELECT c.nic_id FROM claims c WHERE c.network_id = nw.id AND c.ended_at IS NULL AND c.nic_id IS NOT NULL) u
    JOIN nics k ON k.id = u.nic_id AND k.missing_since IS NULL AND k.wire_id IS NOT NULL
    JOIN servers sv ON sv.id = k.server_id AND sv.missing_since IS NULL AND NOT sv.template) place
  WHERE l.origin IN ('declared', 'detected', 'suggested') AND l.evidence_count > 0
    AND place.nics >= ${MOVED_AT_LEAST} AND place.nics * 10 >= place.total * ${MOVED_OF_TEN}`;

/** What was said against the record stays until a report says otherwise: the guest may be silent by now. */
const contradictedRecord = sql`
  SELECT 'contradicted_record', c.id::text, n.account_id, c.space_id, n.server_id, n.id, c.network_id, n.wire_id, c.ip, host(c.ip),
    (SELECT string_agg(host(x), ', ') FROM unnest(c.contradicted_by) x), jsonb_build_object('source', c.source), c.updated_at
  FROM claims c JOIN nics n ON n.id = c.nic_id AND n.missing_since IS NULL
  JOIN servers sv ON sv.id = n.server_id AND sv.missing_since IS NULL
  WHERE c.ended_at IS NULL AND c.contradicted_by <> '{}' AND c.source <> 'tools'`;

export const findingQueries: Readonly<Record<FindingKind, RawBuilder<unknown>>> = {
  guest_mask: guestMask,
  guest_gateway: guestGateway,
  link_local_address: linkLocalAddress,
  duplicate_address: duplicateAddress,
  vlan_disagreement: vlanDisagreement,
  unexpected_dhcp: unexpectedDhcp,
  gateway_unset: gatewayUnset,
  network_moved: networkMoved,
  wire_suggested: wireSuggested,
  contradicted_record: contradictedRecord,
};
