import { type RawBuilder, sql } from 'kysely';

/** How many addresses from the first to the last there are: a number, that of a large IPv6 range rounded. */
function sizeOfSpan(span: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(CASE family(lower(${span})) WHEN 4 THEN (upper(${span}) - lower(${span}) + 1)::numeric
    ELSE (SELECT sum((get_byte(b.last, i) - get_byte(b.first, i))::numeric * power(256::numeric, 15 - i)) + 1
      FROM (SELECT substring(inet_send(upper(${span})) FROM 5) AS last, substring(inet_send(lower(${span})) FROM 5) AS first) b,
        generate_series(0, 15) i) END)`;
}

/** Of a table aliased `t`, what lies in the network. */
const inside = sql`t.space_id = n.space_id AND t.ip >= lower(n.span) AND t.ip <= upper(n.span)`;
const claimed = sql`t.ended_at IS NULL AND NOT t.shared`;
/** Holds whose time is over though nobody has ended them yet: few, and found by their time. */
const expired = sql`t.ended_at IS NULL AND t.expires_at <= now() AND t.nic_id IS NULL AND NOT t.shared`;
const live = sql`t.ended_at IS NULL AND (t.nic_id IS NOT NULL OR t.expires_at IS NULL OR t.expires_at > now())`;
const rest = sql`make_interval(secs => n.resting_seconds)`;

/** What lies in these bounds and is claimed: counted in the index alone, for there may be millions. */
function used(first: RawBuilder<unknown>, last: RawBuilder<unknown>): RawBuilder<unknown> {
  const within = sql`t.space_id = n.space_id AND t.ip >= ${first} AND t.ip <= ${last}`;
  return sql`((SELECT count(*) FROM claims t WHERE ${within} AND ${claimed})
    - (SELECT count(*) FROM claims t WHERE ${within} AND ${expired})
    + (SELECT count(DISTINCT t.ip) FROM claims t WHERE ${within} AND t.shared AND ${live}))`;
}

/** What of the parts that addresses are given from is reserved. */
const keptOfGiving = sql`(SELECT t.span * g AS part FROM unnest(n.giving) g JOIN reservations t ON t.space_id = n.space_id AND t.span && g
  WHERE t.expires_at IS NULL OR t.expires_at > now()) k`;
/** Everything that may be given is in the range; as a rule it is all of it. */
const givesAll = sql`n.giving = inetmultirange(n.span)`;

/**
 * The counts of a network aliased `n`, and its utilisation. Each address counts for one thing, and for the same as in the list of
 * addresses. Those claimed are counted; of all others of which something is known one row each is made. EXCEPT goes through two indexes side
 * by side, and takes the same whatever the planner believes. OFFSET keeps what stands before it from being worked out anew wherever it is
 * named. Utilisation: of the addresses that may be given, reserved ones and the network's own aside, how many per cent can't be given now.
 */
export const networkFigures = sql`(SELECT json_build_object(
    'counts', json_build_object('total', trunc(total), 'used', used, 'reserved', trunc(kept - kept_used - kept_special),
      'resting', resting, 'seen', seen,
      'free', greatest(trunc(total - used - special - (kept - kept_used - kept_special) - resting - seen), 0)),
    'utilisation', CASE WHEN given - kept_given - special_given > 0 THEN
      trunc(100.0 * (given_used - kept_given_used + other_given) / (given - kept_given - special_given), 2) END)
  FROM (SELECT ${sizeOfSpan(sql`n.span`)} AS total, ${used(sql`lower(n.span)`, sql`upper(n.span)`)} AS used
      OFFSET 0) all_of_it,
    (SELECT coalesce(sum(${sizeOfSpan(sql`r.part`)}), 0) AS kept,
        coalesce(sum(${used(sql`lower(r.part)`, sql`upper(r.part)`)}), 0) AS kept_used
      FROM (SELECT t.span * n.span AS part FROM reservations t WHERE t.space_id = n.space_id AND t.span && n.span
        AND (t.expires_at IS NULL OR t.expires_at > now())) r) reserved,
    LATERAL (SELECT CASE WHEN ${givesAll} THEN total
          ELSE (SELECT coalesce(sum(${sizeOfSpan(sql`g`)}), 0) FROM unnest(n.giving) g) END AS given,
        CASE WHEN ${givesAll} THEN used
          ELSE (SELECT coalesce(sum(${used(sql`lower(g)`, sql`upper(g)`)}), 0) FROM unnest(n.giving) g) END AS given_used,
        CASE WHEN ${givesAll} THEN kept ELSE (SELECT coalesce(sum(${sizeOfSpan(sql`k.part`)}), 0) FROM ${keptOfGiving}) END AS kept_given,
        CASE WHEN ${givesAll} THEN kept_used ELSE (SELECT coalesce(sum(${used(sql`lower(k.part)`, sql`upper(k.part)`)}), 0)
          FROM ${keptOfGiving}) END AS kept_given_used
      OFFSET 0) giving,
    (SELECT count(*) FILTER (WHERE special) AS special, count(*) FILTER (WHERE special AND kept) AS kept_special,
        count(*) FILTER (WHERE NOT special AND NOT kept AND resting) AS resting,
        count(*) FILTER (WHERE NOT special AND NOT kept AND NOT resting) AS seen,
        count(*) FILTER (WHERE special AND NOT kept AND n.giving @> ip) AS special_given,
        count(*) FILTER (WHERE NOT special AND NOT kept AND n.giving @> ip) AS other_given
      FROM (SELECT ip, special, resting, EXISTS (SELECT FROM reservations t WHERE t.space_id = n.space_id AND t.span @> ip
            AND (t.expires_at IS NULL OR t.expires_at > now())) AS kept
        FROM (SELECT ip, bool_or(what = 'special') AS special, bool_or(what = 'resting') AS resting
          FROM (
            SELECT ip, 'seen' AS what FROM (
              SELECT t.ip FROM sightings t WHERE ${inside} AND t.ended_at IS NULL
              EXCEPT SELECT t.ip FROM claims t WHERE ${inside} AND ${claimed}) unclaimed
            UNION ALL
            SELECT ip, 'resting' FROM (
              SELECT t.ip FROM freed_addresses t WHERE ${inside} AND t.freed_at > now() - ${rest}
              EXCEPT SELECT t.ip FROM claims t WHERE ${inside} AND ${claimed}) unclaimed
            UNION ALL
            SELECT t.ip, 'resting' FROM claims t WHERE ${inside} AND ${expired} AND t.expires_at > now() - ${rest}
            UNION ALL
            SELECT t.ip, 'seen' FROM claims t WHERE ${inside} AND ${expired}
              AND EXISTS (SELECT FROM sightings o WHERE o.space_id = t.space_id AND o.ip = t.ip AND o.ended_at IS NULL)
            UNION ALL
            SELECT t.ip, CASE WHEN t.kind IN ('gateway', 'network', 'broadcast') THEN 'special' ELSE 'seen' END
            FROM known_addresses t WHERE ${inside}
            UNION ALL
            SELECT t.ip, 'seen' FROM shared_addresses t WHERE ${inside}) known
          GROUP BY ip) known
        -- What was taken out above once more, for the others are few.
        WHERE NOT EXISTS (SELECT FROM claims t WHERE t.space_id = n.space_id AND t.ip = known.ip AND ${live})) unclaimed) others)`;
