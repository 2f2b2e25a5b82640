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
  space_id uuid NOT NULL,
  ip       inet NOT NULL,
  freed_at timestamptz NOT NULL,
  PRIMARY KEY (space_id, ip)
);

CREATE INDEX claims_shared ON claims (space_id, ip) WHERE ended_at IS NULL AND shared;

-- How far giving has come, in the direction of the network's policy: whatever lies before it can't be given out now, and has a row in
-- freed_addresses once it can. Null: at the beginning.
CREATE TABLE network_frontiers (
  network_id uuid PRIMARY KEY REFERENCES networks ON DELETE CASCADE,
  reached    inet
);

CREATE FUNCTION free_ended_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO freed_addresses (space_id, ip, freed_at)
  SELECT a.space_id, a.ip, max(CASE WHEN EXISTS (SELECT FROM reservations r
      WHERE r.space_id = a.space_id AND r.span @> a.ip AND r.kind = 'dhcp') THEN '-infinity' ELSE a.ended_at END)
  FROM ended a JOIN before b ON b.id = a.id
  WHERE a.ended_at IS NOT NULL AND b.ended_at IS NULL
  GROUP BY a.space_id, a.ip ORDER BY a.space_id, a.ip
  ON CONFLICT (space_id, ip) DO UPDATE SET freed_at = greatest(freed_addresses.freed_at, excluded.freed_at);
  RETURN NULL;
END
$$;
CREATE TRIGGER claims_free AFTER UPDATE ON claims REFERENCING OLD TABLE AS before NEW TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION free_ended_claims();

CREATE FUNCTION free_ended_sightings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO freed_addresses (space_id, ip, freed_at)
  SELECT DISTINCT b.space_id, b.ip, '-infinity'::timestamptz
  FROM ended a JOIN before b ON b.id = a.id
  WHERE b.ended_at IS NULL AND (a.ended_at IS NOT NULL OR a.space_id <> b.space_id)
    AND EXISTS (SELECT FROM networks n WHERE n.space_id = b.space_id AND n.span @> b.ip)
  ORDER BY 1, 2 ON CONFLICT (space_id, ip) DO UPDATE SET freed_at = freed_addresses.freed_at;
  RETURN NULL;
END
$$;
CREATE TRIGGER sightings_free AFTER UPDATE ON sightings REFERENCING OLD TABLE AS before NEW TABLE AS ended
  FOR EACH STATEMENT EXECUTE FUNCTION free_ended_sightings();

CREATE FUNCTION free_deleted_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO freed_addresses (space_id, ip, freed_at)
  SELECT DISTINCT b.space_id, b.ip, '-infinity'::timestamptz FROM before b
  WHERE EXISTS (SELECT FROM networks n WHERE n.space_id = b.space_id AND n.span @> b.ip)
  ORDER BY 1, 2 ON CONFLICT (space_id, ip) DO UPDATE SET freed_at = freed_addresses.freed_at;
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
  UPDATE network_frontiers SET reached = NULL WHERE network_id = OLD.network_id;
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
    UPDATE network_frontiers SET reached = NULL WHERE network_id = NEW.id
      AND (OLD.span, OLD.giving, OLD.allocation_policy, OLD.space_id)
        IS DISTINCT FROM (NEW.span, NEW.giving, NEW.allocation_policy, NEW.space_id);
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
INSERT INTO freed_addresses (space_id, ip, freed_at)
  SELECT space_id, ip, max(ended_at) FROM claims WHERE ended_at IS NOT NULL GROUP BY space_id, ip;
