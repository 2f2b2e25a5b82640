-- What is never given out, what may be given out again, and how far giving has come.

-- Ranges of a network that aren't given out: kept back by a person, or a DHCP server's own.
CREATE TABLE reservations (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  space_id   uuid NOT NULL,
  network_id uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('reserved', 'dhcp')),
  span       inetrange NOT NULL CONSTRAINT reservations_span_shape CHECK (is_address_span(span)),
  note       text NOT NULL DEFAULT '',
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT reservations_network_fk FOREIGN KEY (space_id, network_id) REFERENCES networks (space_id, id)
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  -- One that has expired is deleted before another is made (nothing about now() can stand here).
  CONSTRAINT reservations_no_overlap EXCLUDE USING gist (space_id WITH =, span WITH &&)
);
CREATE INDEX reservations_by_network ON reservations (network_id);
CREATE INDEX reservations_expiring ON reservations (expires_at) WHERE expires_at IS NOT NULL;

-- A hold may end by itself; a key names a claim for the program that asked for it.
ALTER TABLE claims ADD COLUMN expires_at timestamptz;
CREATE UNIQUE INDEX claims_one_per_key ON claims (network_id, key) WHERE ended_at IS NULL AND key IS NOT NULL;
CREATE INDEX claims_expiring ON claims (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX claims_expiring_by_network ON claims (network_id, expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;

-- Addresses that several NICs have on purpose (VRRP, cluster addresses).
CREATE TABLE shared_addresses (
  space_id   uuid NOT NULL REFERENCES address_spaces,
  ip         inet NOT NULL CHECK (is_host_address(ip)),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (space_id, ip)
);

-- `moving`: no two at once, but the address goes to and fro between them.
ALTER TABLE conflicts DROP CONSTRAINT conflicts_kind_check;
ALTER TABLE conflicts ADD CONSTRAINT conflicts_kind_check CHECK (kind IN ('duplicate', 'moving'));
ALTER TABLE conflicts ADD COLUMN resolution text CHECK (resolution IN ('keep', 'give', 'share'));
ALTER TABLE conflicts ADD COLUMN resolved_at timestamptz;
ALTER TABLE conflicts ADD COLUMN resolved_by text;

-- Addresses with a part to play, of networks (their gateway, DNS servers, network and broadcast address) and of accounts (vmkernel NICs,
-- the gateways and DNS servers that guests use). The owner is the network or the account.
CREATE TABLE known_addresses (
  owner_id    uuid NOT NULL,
  space_id    uuid NOT NULL,
  kind        text NOT NULL
    CHECK (kind IN ('gateway', 'network', 'broadcast', 'dns', 'vmkernel', 'guest_gateway', 'guest_dns')),
  ip          inet NOT NULL CHECK (is_host_address(ip)),
  object_id   uuid,
  object_name text NOT NULL DEFAULT '',
  PRIMARY KEY (owner_id, space_id, kind, ip)
);
CREATE INDEX known_addresses_by_ip ON known_addresses (space_id, ip);

-- Addresses that something has let go of. Until its network's resting time is over such an address rests; then it may be given out
-- again. A row of an address that is taken again means nothing, and goes when somebody looks at it: whoever drops it holds it first and
-- looks at the address afterwards, and whoever frees an address holds its row too, so that no address is forgotten between the two.
CREATE TABLE freed_addresses (
  space_id   uuid NOT NULL,
  ip         inet NOT NULL,
  freed_at   timestamptz NOT NULL,
  -- The network whose range held it then. What was let go of before a network had its range lies ahead of what it has reached.
  network_id uuid,
  PRIMARY KEY (space_id, ip)
);
CREATE INDEX freed_addresses_by_network ON freed_addresses (network_id, freed_at);

CREATE INDEX claims_shared ON claims (space_id, ip) WHERE ended_at IS NULL AND shared;

-- How far giving has come, in the direction of the network's policy: whatever lies before it can't be given out now, and has a row in
-- freed_addresses once it can. Null: at the beginning. `begun` counts how often giving began anew: what was found before then says
-- nothing of what lies ahead, even if giving has come to the same address again.
CREATE TABLE network_frontiers (
  network_id uuid PRIMARY KEY REFERENCES networks ON DELETE CASCADE,
  reached    inet,
  begun      integer NOT NULL DEFAULT 0
);

CREATE FUNCTION free_ended_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO freed_addresses (space_id, ip, freed_at, network_id)
  SELECT a.space_id, a.ip, max(CASE WHEN EXISTS (SELECT FROM reservations r
      WHERE r.space_id = a.space_id AND r.span @> a.ip AND r.kind = 'dhcp') THEN '-infinity' ELSE a.ended_at END),
    (SELECT n.id FROM networks n WHERE n.space_id = a.space_id AND n.span @> a.ip)
  FROM ended a JOIN before b ON b.id = a.id
  WHERE a.ended_at IS NOT NULL AND b.ended_at IS NULL
  GROUP BY a.space_id, a.ip ORDER BY a.space_id, a.ip
  ON CONFLICT (space_id, ip) DO UPDATE
    SET freed_at = greatest(freed_addresses.freed_at, excluded.freed_at), network_id = excluded.network_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER claims_free AFTER UPDATE ON claims REFERENCING OLD TABLE AS before NEW TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION free_ended_claims();

CREATE FUNCTION free_ended_sightings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO freed_addresses (space_id, ip, freed_at, network_id)
  SELECT DISTINCT b.space_id, b.ip, '-infinity'::timestamptz, n.id
  FROM ended a JOIN before b ON b.id = a.id JOIN networks n ON n.space_id = b.space_id AND n.span @> b.ip
  WHERE b.ended_at IS NULL AND (a.ended_at IS NOT NULL OR a.space_id <> b.space_id)
  ORDER BY 1, 2 ON CONFLICT (space_id, ip) DO UPDATE SET network_id = excluded.network_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER sightings_free AFTER UPDATE ON sightings REFERENCING OLD TABLE AS before NEW TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION free_ended_sightings();

CREATE FUNCTION free_deleted_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO freed_addresses (space_id, ip, freed_at, network_id)
  SELECT DISTINCT b.space_id, b.ip, '-infinity'::timestamptz, n.id
  FROM before b JOIN networks n ON n.space_id = b.space_id AND n.span @> b.ip
  ORDER BY 1, 2 ON CONFLICT (space_id, ip) DO UPDATE SET network_id = excluded.network_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER claims_free_deleted AFTER DELETE ON claims REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION free_deleted_addresses();
CREATE TRIGGER sightings_free_deleted AFTER DELETE ON sightings REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION free_deleted_addresses();
CREATE TRIGGER shared_addresses_free AFTER DELETE ON shared_addresses REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION free_deleted_addresses();
CREATE TRIGGER known_addresses_free AFTER DELETE ON known_addresses REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION free_deleted_addresses();

-- A whole range that is let go of: giving begins anew.
CREATE FUNCTION begin_giving_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whatever the row says now: who gives addresses may be moving it at this moment, and is waited for.
  UPDATE network_frontiers SET reached = NULL, begun = begun + 1 WHERE network_id = OLD.network_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER reservations_free AFTER UPDATE OR DELETE ON reservations
  FOR EACH ROW EXECUTE FUNCTION begin_giving_anew();

-- The addresses that a network itself needs.
CREATE FUNCTION parts_of_network(n networks) RETURNS TABLE (kind text, ip inet) LANGUAGE sql IMMUTABLE AS $$
  SELECT 'gateway', n.gateway WHERE n.gateway IS NOT NULL
  UNION SELECT 'dns', d FROM unnest(n.dns) d
  UNION SELECT 'network', host(network(n.cidr))::inet
    WHERE masklen(n.cidr) < CASE n.family WHEN 4 THEN 31 ELSE 127 END
  UNION SELECT 'broadcast', host(broadcast(n.cidr))::inet WHERE n.family = 4 AND masklen(n.cidr) < 31
$$;

CREATE FUNCTION know_network() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM known_addresses WHERE owner_id = OLD.id;
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO network_frontiers (network_id) VALUES (NEW.id);
  ELSE
    UPDATE network_frontiers SET reached = NULL, begun = begun + 1 WHERE network_id = NEW.id
      AND (OLD.span, OLD.giving, OLD.allocation_policy, OLD.space_id)
        IS DISTINCT FROM (NEW.span, NEW.giving, NEW.allocation_policy, NEW.space_id);
  END IF;
  -- What was let go of before it lay in this network's range is the network's now.
  IF TG_OP = 'INSERT' OR (OLD.span, OLD.space_id) IS DISTINCT FROM (NEW.span, NEW.space_id) THEN
    UPDATE freed_addresses SET network_id = NEW.id
      WHERE space_id = NEW.space_id AND ip >= lower(NEW.span) AND ip <= upper(NEW.span)
        AND network_id IS DISTINCT FROM NEW.id;
  END IF;
  DELETE FROM known_addresses k WHERE k.owner_id = NEW.id
    AND NOT (k.space_id = NEW.space_id AND (k.kind, k.ip) IN (SELECT kind, ip FROM parts_of_network(NEW)));
  INSERT INTO known_addresses (owner_id, space_id, kind, ip, object_id)
    SELECT NEW.id, NEW.space_id, kind, ip, NEW.id FROM parts_of_network(NEW) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER networks_known AFTER INSERT OR DELETE OR UPDATE OF space_id, span, cidr, giving, gateway, dns, allocation_policy
  ON networks FOR EACH ROW EXECUTE FUNCTION know_network();

CREATE FUNCTION forget_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM known_addresses WHERE owner_id = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER cloud_accounts_forget AFTER DELETE ON cloud_accounts FOR EACH ROW EXECUTE FUNCTION forget_account();

INSERT INTO network_frontiers (network_id) SELECT id FROM networks;
INSERT INTO known_addresses (owner_id, space_id, kind, ip, object_id)
  SELECT n.id, n.space_id, p.kind, p.ip, n.id FROM networks n, parts_of_network(n) p;
INSERT INTO freed_addresses (space_id, ip, freed_at, network_id)
  SELECT e.space_id, e.ip, e.ended_at, n.id
  FROM (SELECT space_id, ip, max(ended_at) AS ended_at FROM claims WHERE ended_at IS NOT NULL GROUP BY space_id, ip) e
  LEFT JOIN networks n ON n.space_id = e.space_id AND n.span @> e.ip;

-- A live claim lies in a network, and that in a space; what is over keeps no space from being removed.
ALTER TABLE claims DROP CONSTRAINT claims_space_id_fkey;

-- Holds have no NIC and no server: they need no place in these.
DROP INDEX claims_by_nic;
CREATE INDEX claims_by_nic ON claims (nic_id) WHERE nic_id IS NOT NULL;
DROP INDEX claims_by_server;
CREATE INDEX claims_by_server ON claims (server_id) WHERE server_id IS NOT NULL;

-- Whatever of these stretches of a space can't be given out now.
CREATE FUNCTION taken_addresses(space uuid, first inet, last inet, rested_since timestamptz) RETURNS SETOF inet
LANGUAGE sql STABLE AS $$
  -- The order makes it plain which index is meant, also to a plan that is made while the tables are empty.
  (SELECT ip FROM claims WHERE space_id = space AND ip >= first AND ip <= last AND ended_at IS NULL AND NOT shared
    ORDER BY space_id, ip)
  UNION ALL (SELECT ip FROM claims WHERE space_id = space AND ip >= first AND ip <= last AND ended_at IS NULL AND shared
    ORDER BY space_id, ip)
  UNION ALL SELECT ip FROM shared_addresses WHERE space_id = space AND ip >= first AND ip <= last
  UNION ALL (SELECT ip FROM sightings WHERE space_id = space AND ip >= first AND ip <= last AND ended_at IS NULL
    ORDER BY space_id, ip)
  UNION ALL (SELECT ip FROM known_addresses WHERE space_id = space AND ip >= first AND ip <= last ORDER BY space_id, ip)
  UNION ALL (SELECT ip FROM freed_addresses
    WHERE space_id = space AND ip >= first AND ip <= last AND freed_at > rested_since ORDER BY space_id, ip)
$$;

-- Claims addresses that a look some time ago found free, for many callers of many networks in one round trip. A network that has changed
-- since, or has come elsewhere with giving, is passed over, and so is an address that is no longer free; answers what was claimed.
-- networks: [{network_id, version, reached, reached_after, rested_since, last: the furthest of its addresses}]; wishes: [{id, network_id, ip, behind, source,
-- holder, expires_at, actor, after}]. Each statement sees what was committed before it: first the networks are held, then looked at.
-- Plans are made once and for tables of any size.
CREATE FUNCTION claim_found(networks json, wishes json, at timestamptz) RETURNS SETOF uuid
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
-- Whoever holds a network for long must not keep the callers of all others waiting: theirs are given up, and wait on their own.
SET lock_timeout = '100ms' AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM networks n JOIN network_frontiers f ON f.network_id = n.id
  WHERE n.id IN (SELECT x.network_id FROM json_to_recordset(claim_found.networks) AS x(network_id uuid))
  ORDER BY n.id FOR NO KEY UPDATE OF n, f;
  RETURN QUERY
  WITH wish AS MATERIALIZED (
    SELECT * FROM json_to_recordset(claim_found.wishes) AS w(id uuid, network_id uuid, ip inet, behind boolean, source text,
      holder jsonb, expires_at timestamptz, actor text, after jsonb)),
  unchanged AS MATERIALIZED (
    SELECT n.id, n.space_id, n.name, x.reached_after, x.rested_since
    FROM json_to_recordset(claim_found.networks) AS x(network_id uuid, version text, reached inet, reached_after inet,
      rested_since timestamptz, last inet)
    JOIN networks n ON n.id = x.network_id JOIN network_frontiers f ON f.network_id = n.id
    WHERE concat_ws(' ', n.xmin, f.begun) = x.version AND f.reached IS NOT DISTINCT FROM x.reached
      AND NOT EXISTS (SELECT FROM claims c WHERE c.network_id = n.id AND c.ended_at IS NULL
        AND c.expires_at <= claim_found.at AND c.nic_id IS NULL)
      AND NOT EXISTS (SELECT FROM reservations r WHERE r.network_id = n.id AND r.expires_at <= claim_found.at)
      -- What was let go of since and comes before one of these is to be given first.
      AND NOT EXISTS (SELECT FROM freed_addresses a
        WHERE a.network_id = n.id AND a.freed_at <= x.rested_since AND n.giving @> a.ip
          AND CASE n.allocation_policy WHEN 'stepup' THEN a.ip < x.last WHEN 'stepdown' THEN a.ip > x.last ELSE false END
          AND NOT EXISTS (SELECT FROM wish w WHERE w.network_id = n.id AND w.ip = a.ip))),
  stretch AS MATERIALIZED (
    SELECT u.id, u.space_id, u.rested_since, min(w.ip) AS first, max(w.ip) AS last
    FROM unchanged u JOIN wish w ON w.network_id = u.id GROUP BY u.id, u.space_id, u.rested_since),
  taken AS MATERIALIZED (
    SELECT s.id, t.ip FROM stretch s, taken_addresses(s.space_id, s.first, s.last, s.rested_since) AS t(ip)),
  made AS (
    INSERT INTO claims (id, space_id, ip, network_id, source, holder, network_name, started_at, expires_at)
    SELECT w.id, u.space_id, w.ip, u.id, w.source, w.holder, u.name, claim_found.at, w.expires_at
    FROM wish w JOIN unchanged u ON u.id = w.network_id
    WHERE NOT EXISTS (SELECT FROM taken t WHERE t.id = u.id AND t.ip = w.ip)
      AND NOT EXISTS (SELECT FROM reservations r WHERE r.space_id = u.space_id AND r.span @> w.ip
        AND (r.expires_at IS NULL OR r.expires_at > claim_found.at))
    ORDER BY u.id, w.ip ON CONFLICT DO NOTHING RETURNING id),
  moved AS (
    UPDATE network_frontiers f SET reached = u.reached_after FROM unchanged u
    WHERE f.network_id = u.id AND f.reached IS DISTINCT FROM u.reached_after),
  dropped AS (
    DELETE FROM freed_addresses a USING made m, wish w, unchanged u
    WHERE w.id = m.id AND w.behind AND u.id = w.network_id AND a.space_id = u.space_id AND a.ip = w.ip),
  logged AS (
    INSERT INTO events (actor, action, object_kind, object_id, object_name, after)
    SELECT w.actor, 'allocate', 'network', u.id, u.name, w.after
    FROM made m JOIN wish w ON w.id = m.id JOIN unchanged u ON u.id = w.network_id)
  SELECT id FROM made;
END
$$;
