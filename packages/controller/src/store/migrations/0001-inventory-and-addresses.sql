-- The whole book: inventory as vCenter shows it, what was observed, the networks people declare, and who has which address.
-- Constraints carry names: the code maps each name to a problem that a person can act on.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Time-ordered ids. PostgreSQL 18 has them built in; older servers get the same layout (RFC 9562, version 7).
DO $do$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE 'CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS ''SELECT uuidv7()''';
  ELSE
    EXECUTE $f$
      CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $body$
        SELECT encode(
          set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
              placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
              FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
      $body$
    $f$;
  END IF;
END
$do$;

-- A range of addresses, inclusive at both ends. It is not discrete, so every use of it is checked for its shape.
CREATE TYPE inetrange AS RANGE (subtype = inet);

CREATE FUNCTION is_address_span(span inetrange) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT NOT isempty(span) AND lower_inc(span) AND upper_inc(span)
     AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL
     AND family(lower(span)) = family(upper(span))
     AND masklen(lower(span)) = CASE family(lower(span)) WHEN 4 THEN 32 ELSE 128 END
     AND masklen(upper(span)) = CASE family(upper(span)) WHEN 4 THEN 32 ELSE 128 END
$$;

CREATE FUNCTION is_host_address(ip inet) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT masklen(ip) = CASE family(ip) WHEN 4 THEN 32 ELSE 128 END
$$;

-- Times as the HTTP API writes them (RFC 3339, UTC, milliseconds).
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE TABLE settings (
  key   text PRIMARY KEY,
  value jsonb NOT NULL
);

CREATE TABLE address_spaces (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  name       text NOT NULL CONSTRAINT address_spaces_name_unique UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO address_spaces (name) VALUES ('default');

CREATE TABLE api_tokens (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  name       text NOT NULL,
  hash       bytea NOT NULL CONSTRAINT api_tokens_hash_unique UNIQUE,
  role       text NOT NULL CHECK (role IN ('viewer', 'operator', 'administrator')),
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

CREATE TABLE idempotency_keys (
  key          text NOT NULL,
  actor        text NOT NULL,
  request_hash bytea NOT NULL,
  status       integer,
  response     jsonb,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- The controllers sharing this database. Each holds a session advisory lock while it lives; a row whose lock is free is a
-- controller that died.
CREATE TABLE controllers (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  lock_key   integer NOT NULL,
  worker_ids text[] NOT NULL DEFAULT '{}',
  host       text NOT NULL,
  pid        integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE controller_lock_keys AS integer CYCLE;

CREATE TABLE cloud_accounts (
  id               uuid PRIMARY KEY DEFAULT new_id(),
  name             text NOT NULL CONSTRAINT cloud_accounts_name_unique UNIQUE,
  kind             text NOT NULL CHECK (kind IN ('vcenter', 'esxi')),
  url              text NOT NULL,
  username         text NOT NULL,
  sealed_password  bytea NOT NULL,
  trust_sha256     text CHECK (trust_sha256 ~ '^[0-9a-f]{64}$'),
  insecure         boolean NOT NULL DEFAULT false,
  instance_uuid    text NOT NULL CONSTRAINT cloud_accounts_instance_unique UNIQUE,
  version          text NOT NULL,
  space_id         uuid NOT NULL CONSTRAINT cloud_accounts_space_fk REFERENCES address_spaces,
  enabled          boolean NOT NULL DEFAULT true,
  sync_every       integer NOT NULL DEFAULT 900 CHECK (sync_every BETWEEN 60 AND 604800),
  status           text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'ok', 'unreachable', 'refused', 'untrusted', 'failed')),
  status_detail    jsonb,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sync_runs (
  id               uuid PRIMARY KEY DEFAULT new_id(),
  account_id       uuid NOT NULL REFERENCES cloud_accounts ON DELETE CASCADE,
  kind             text NOT NULL CHECK (kind IN ('full')),
  trigger          text NOT NULL CHECK (trigger IN ('request', 'schedule', 'resume')),
  dry_run          boolean NOT NULL,
  state            text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'held', 'cancelled')),
  phase            text NOT NULL,
  done             integer NOT NULL DEFAULT 0,
  total            integer,
  counts           jsonb NOT NULL DEFAULT '{}',
  changes          jsonb NOT NULL DEFAULT '{}',
  errors           jsonb NOT NULL DEFAULT '[]',
  durations        jsonb NOT NULL DEFAULT '{}',
  failure          jsonb,
  controller_id    uuid,
  requested_by     text,
  cancel_requested boolean NOT NULL DEFAULT false,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz NOT NULL DEFAULT now(),
  ended_at         timestamptz
);
CREATE UNIQUE INDEX sync_runs_one_running ON sync_runs (account_id, dry_run) WHERE state = 'running';
CREATE INDEX sync_runs_by_account ON sync_runs (account_id, id DESC);
-- The last complete run of an account says when what lasts was last seen.
CREATE INDEX sync_runs_complete ON sync_runs (account_id, started_at DESC) WHERE state = 'succeeded' AND NOT dry_run;
CREATE INDEX sync_runs_running ON sync_runs (controller_id) WHERE state = 'running';

CREATE TABLE hosts (
  id            uuid PRIMARY KEY DEFAULT new_id(),
  account_id    uuid NOT NULL REFERENCES cloud_accounts ON DELETE CASCADE,
  moref         text NOT NULL,
  name          text NOT NULL,
  management_ip inet,
  hardware_uuid text,
  version       text,
  state         text NOT NULL,
  maintenance   boolean NOT NULL,
  datacenter    text,
  cluster       text,
  physical_nics jsonb NOT NULL,
  vmkernel_nics jsonb NOT NULL,
  observed      jsonb NOT NULL,
  digest        text NOT NULL,
  missing_since timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT hosts_identity UNIQUE (account_id, moref)
);
CREATE INDEX hosts_by_management_ip ON hosts (management_ip);
CREATE INDEX hosts_by_name ON hosts (name, id);

CREATE TABLE virtual_switches (
  id            uuid PRIMARY KEY DEFAULT new_id(),
  account_id    uuid NOT NULL REFERENCES cloud_accounts ON DELETE CASCADE,
  identity      text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('standard', 'distributed')),
  moref         text,
  uuid          text,
  name          text NOT NULL,
  mtu           integer,
  observed      jsonb NOT NULL,
  digest        text NOT NULL,
  missing_since timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT virtual_switches_identity UNIQUE (account_id, identity)
);
CREATE INDEX virtual_switches_by_name ON virtual_switches (name, id);

CREATE TABLE virtual_switch_hosts (
  account_id uuid NOT NULL,
  switch_id  uuid NOT NULL REFERENCES virtual_switches ON DELETE CASCADE,
  host_id    uuid NOT NULL REFERENCES hosts ON DELETE CASCADE,
  uplinks    text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (account_id, switch_id, host_id)
);
CREATE INDEX virtual_switch_hosts_by_host ON virtual_switch_hosts (host_id);

CREATE TABLE wires (
  id            uuid PRIMARY KEY DEFAULT new_id(),
  account_id    uuid NOT NULL REFERENCES cloud_accounts ON DELETE CASCADE,
  space_id      uuid NOT NULL REFERENCES address_spaces,
  port_group_id text NOT NULL,
  moref         text,
  name          text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('standard', 'distributed', 'nsx')),
  purpose       text NOT NULL CHECK (purpose IN ('vm', 'vmkernel', 'uplink')),
  datacenter    text,
  switch_id     uuid REFERENCES virtual_switches ON DELETE SET NULL,
  vlan          jsonb NOT NULL,
  vlan_id       integer,
  vlan_disagreement boolean NOT NULL DEFAULT false,
  -- On every host of its switch, with one VLAN: then no row for each host is kept (see wire_presence).
  spans_switch  boolean NOT NULL DEFAULT false,
  security      jsonb,
  teaming       jsonb,
  observed      jsonb NOT NULL,
  digest        text NOT NULL,
  missing_since timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT wires_identity UNIQUE (account_id, port_group_id),
  CONSTRAINT wires_space UNIQUE (space_id, id)
);
CREATE INDEX wires_by_name ON wires (name, id);
CREATE INDEX wires_by_switch ON wires (switch_id);
CREATE INDEX wires_by_vlan ON wires (vlan_id);

-- A wire on a host, where that doesn't follow from its switch: standard port groups, each host with its own VLAN and switch.
CREATE TABLE wire_hosts (
  account_id uuid NOT NULL,
  wire_id    uuid NOT NULL REFERENCES wires ON DELETE CASCADE,
  host_id    uuid NOT NULL REFERENCES hosts ON DELETE CASCADE,
  switch_id  uuid REFERENCES virtual_switches ON DELETE SET NULL,
  vlan       jsonb NOT NULL,
  PRIMARY KEY (account_id, wire_id, host_id)
);
CREATE INDEX wire_hosts_by_host ON wire_hosts (host_id);
CREATE INDEX wire_hosts_by_wire ON wire_hosts (wire_id);
CREATE INDEX wire_hosts_by_switch ON wire_hosts (switch_id) WHERE switch_id IS NOT NULL;

-- Which wire is on which host, with that host's VLAN and switch. Everything that asks for presence asks here.
CREATE VIEW wire_presence AS
  SELECT account_id, wire_id, host_id, switch_id, vlan FROM wire_hosts
  UNION ALL
  SELECT w.account_id, w.id, h.host_id, w.switch_id, w.vlan
  FROM wires w JOIN virtual_switch_hosts h ON h.account_id = w.account_id AND h.switch_id = w.switch_id
  WHERE w.spans_switch;

CREATE TABLE servers (
  id               uuid PRIMARY KEY DEFAULT new_id(),
  account_id       uuid NOT NULL REFERENCES cloud_accounts ON DELETE CASCADE,
  identity         text NOT NULL,
  moref            text NOT NULL,
  instance_uuid    text,
  bios_uuid        text,
  name             text NOT NULL,
  host_id          uuid REFERENCES hosts ON DELETE SET NULL,
  datacenter       text,
  cluster          text,
  folder           text,
  power_state      text NOT NULL,
  connection_state text NOT NULL,
  readable         boolean NOT NULL,
  template         boolean NOT NULL,
  managed_by       text,
  tools_status     text NOT NULL,
  guest_host_name  text,
  interface_count  integer NOT NULL DEFAULT 0,
  sync_ips         text,
  digest           text NOT NULL,
  missing_since    timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT servers_identity UNIQUE (account_id, identity)
) WITH (fillfactor = 80);
-- Room in each page: a tag that comes or goes then touches no index.
CREATE INDEX servers_by_moref ON servers (account_id, moref);
CREATE INDEX servers_by_name ON servers (name, id);
CREATE INDEX servers_by_name_part ON servers USING gin (name gin_trgm_ops);
CREATE INDEX servers_by_instance_uuid ON servers (instance_uuid);
CREATE INDEX servers_by_bios_uuid ON servers (bios_uuid);
CREATE INDEX servers_by_host ON servers (host_id);

-- What the guest and the configuration reported, whole, as observed.
CREATE TABLE server_reports (
  server_id  uuid PRIMARY KEY REFERENCES servers ON DELETE CASCADE,
  account_id uuid NOT NULL,
  report     jsonb NOT NULL
);

CREATE TABLE nics (
  id            uuid PRIMARY KEY DEFAULT new_id(),
  account_id    uuid NOT NULL,
  server_id     uuid NOT NULL REFERENCES servers ON DELETE CASCADE,
  device_key    integer NOT NULL,
  position      integer NOT NULL,
  label         text NOT NULL,
  mac           macaddr,
  model         text NOT NULL,
  wire_id       uuid REFERENCES wires ON DELETE SET NULL,
  backing       jsonb NOT NULL,
  connected     boolean NOT NULL,
  missing_since timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX nics_by_server ON nics (server_id, position);
CREATE INDEX nics_by_wire ON nics (wire_id);
CREATE INDEX nics_by_mac ON nics (mac);
CREATE INDEX nics_by_account ON nics (account_id, id);

CREATE TABLE nic_mac_history (
  nic_id     uuid NOT NULL REFERENCES nics ON DELETE CASCADE,
  mac        macaddr NOT NULL,
  ended_at   timestamptz NOT NULL,
  PRIMARY KEY (nic_id, mac, ended_at)
);

-- An address as it was observed, as an interval. While it lasts nothing is written: it was last seen in the account's last
-- complete run. Matching reads the lasting ones of NICs.
CREATE TABLE sightings (
  id            uuid PRIMARY KEY DEFAULT new_id(),
  space_id      uuid NOT NULL,
  account_id    uuid NOT NULL,
  server_id     uuid NOT NULL REFERENCES servers ON DELETE CASCADE,
  nic_id        uuid REFERENCES nics ON DELETE CASCADE,
  ip            inet NOT NULL CHECK (is_host_address(ip)),
  prefix_length smallint,
  interface     text NOT NULL,
  origin        text,
  state         text,
  candidate     boolean NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz,
  ended_at      timestamptz,
  CHECK ((ended_at IS NULL) = (last_seen_at IS NULL))
);
CREATE INDEX sightings_live_by_ip ON sightings (space_id, ip) WHERE ended_at IS NULL;
CREATE INDEX sightings_by_server ON sightings (server_id);
CREATE INDEX sightings_by_nic ON sightings (nic_id, ip);

CREATE TABLE networks (
  id                uuid PRIMARY KEY DEFAULT new_id(),
  space_id          uuid NOT NULL REFERENCES address_spaces,
  name              text NOT NULL,
  family            smallint NOT NULL CHECK (family IN (4, 6)),
  span              inetrange NOT NULL,
  cidr              cidr NOT NULL,
  giving            inetmultirange NOT NULL,
  gateway           inet,
  dns               inet[] NOT NULL DEFAULT '{}',
  domain            text,
  ntp               text[] NOT NULL DEFAULT '{}',
  allocation_policy text NOT NULL CHECK (allocation_policy IN ('stepup', 'stepdown', 'random')),
  resting_seconds   integer NOT NULL DEFAULT 1800 CHECK (resting_seconds BETWEEN 0 AND 31536000),
  description       text NOT NULL DEFAULT '',
  tags              jsonb NOT NULL DEFAULT '{}',
  companion_id      uuid REFERENCES networks ON DELETE SET NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT networks_name_unique UNIQUE (space_id, name),
  CONSTRAINT networks_space UNIQUE (space_id, id),
  CONSTRAINT networks_span_shape CHECK (is_address_span(span) AND family(lower(span)) = family),
  CONSTRAINT networks_span_inside_prefix CHECK (lower(span) <<= cidr AND upper(span) <<= cidr AND masklen(cidr) > 0),
  CONSTRAINT networks_giving_inside_range CHECK (span @> giving),
  CONSTRAINT networks_gateway_family CHECK (gateway IS NULL OR (family(gateway) = family AND is_host_address(gateway))),
  CONSTRAINT networks_gateway_inside_prefix
    CHECK (gateway IS NULL OR gateway <<= cidr OR (family = 6 AND gateway <<= inet 'fe80::/10')),
  CONSTRAINT networks_no_overlap EXCLUDE USING gist (space_id WITH =, span WITH &&)
);
CREATE INDEX networks_by_name ON networks (name, id);
CREATE INDEX networks_by_cidr ON networks USING gist (space_id, cidr inet_ops);

-- Which wires a network has, and why. Nothing else says so.
CREATE TABLE network_wires (
  space_id      uuid NOT NULL,
  network_id    uuid NOT NULL,
  wire_id       uuid NOT NULL,
  origin        text NOT NULL CHECK (origin IN ('primary', 'declared', 'detected', 'suggested', 'excluded')),
  evidence      jsonb NOT NULL DEFAULT '[]',
  contradiction jsonb,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (space_id, network_id, wire_id),
  CONSTRAINT network_wires_network_fk FOREIGN KEY (space_id, network_id) REFERENCES networks (space_id, id)
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT network_wires_wire_fk FOREIGN KEY (space_id, wire_id) REFERENCES wires (space_id, id)
    DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX network_wires_one_primary ON network_wires (network_id) WHERE origin = 'primary';
CREATE INDEX network_wires_by_wire ON network_wires (wire_id);

-- Somebody has this address. With a NIC it is a NIC record; without one it is a hold or a holder outside vCenter.
CREATE TABLE claims (
  id               uuid PRIMARY KEY DEFAULT new_id(),
  space_id         uuid NOT NULL REFERENCES address_spaces,
  ip               inet NOT NULL CHECK (is_host_address(ip)),
  network_id       uuid REFERENCES networks ON DELETE SET NULL,
  account_id       uuid,
  server_id        uuid REFERENCES servers ON DELETE SET NULL,
  nic_id           uuid REFERENCES nics ON DELETE SET NULL,
  mac              macaddr,
  source           text NOT NULL CHECK (source IN ('tools', 'manual', 'allocated')),
  shared           boolean NOT NULL DEFAULT false,
  key              text,
  holder           jsonb,
  network_name     text,
  server_name      text,
  absent_since_run uuid,
  contradicted_by  inet[] NOT NULL DEFAULT '{}',
  started_at       timestamptz NOT NULL,
  ended_at         timestamptz,
  end_reason       text,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CONSTRAINT claims_live_have_a_network CHECK (ended_at IS NOT NULL OR network_id IS NOT NULL)
);
CREATE UNIQUE INDEX claims_one_holder ON claims (space_id, ip) WHERE ended_at IS NULL AND NOT shared;
CREATE UNIQUE INDEX claims_one_per_nic ON claims (nic_id, ip) WHERE ended_at IS NULL AND nic_id IS NOT NULL;
CREATE INDEX claims_by_ip ON claims (space_id, ip, started_at);
CREATE INDEX claims_by_nic ON claims (nic_id);
CREATE INDEX claims_by_server ON claims (server_id);
CREATE INDEX claims_by_network ON claims (network_id, ip);
CREATE INDEX claims_absent ON claims (account_id) WHERE ended_at IS NULL AND absent_since_run IS NOT NULL;

-- Why an address of a NIC, or a NIC as a whole (ip is null), has no record.
CREATE TABLE nic_reasons (
  nic_id           uuid NOT NULL REFERENCES nics ON DELETE CASCADE,
  account_id       uuid NOT NULL,
  space_id         uuid NOT NULL,
  position         integer NOT NULL,
  code             text NOT NULL,
  ip               inet,
  network_id       uuid REFERENCES networks ON DELETE SET NULL,
  wire_id          uuid REFERENCES wires ON DELETE SET NULL,
  server_id        uuid REFERENCES servers ON DELETE SET NULL,
  PRIMARY KEY (nic_id, position)
);
CREATE INDEX nic_reasons_by_code ON nic_reasons (code, nic_id);
CREATE INDEX nic_reasons_by_server ON nic_reasons (server_id) WHERE server_id IS NOT NULL;
CREATE INDEX nic_reasons_by_wire ON nic_reasons (wire_id) WHERE wire_id IS NOT NULL;
CREATE INDEX nic_reasons_by_network ON nic_reasons (network_id) WHERE network_id IS NOT NULL;
CREATE INDEX nic_reasons_by_ip ON nic_reasons (space_id, ip) WHERE ip IS NOT NULL;

-- Two at once report one address: who keeps it, and who else says it has it.
CREATE TABLE conflicts (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  space_id   uuid NOT NULL REFERENCES address_spaces,
  ip         inet NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('duplicate')),
  claim_id   uuid NOT NULL REFERENCES claims ON DELETE CASCADE,
  nic_id     uuid NOT NULL REFERENCES nics ON DELETE CASCADE,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conflicts_by_nic ON conflicts (nic_id);
CREATE INDEX conflicts_by_claim ON conflicts (claim_id);
CREATE UNIQUE INDEX conflicts_live ON conflicts (space_id, ip, nic_id) WHERE ended_at IS NULL;

CREATE TABLE events (
  id          uuid PRIMARY KEY DEFAULT new_id(),
  at          timestamptz NOT NULL DEFAULT now(),
  actor       text NOT NULL,
  action      text NOT NULL,
  object_kind text NOT NULL,
  object_id   uuid,
  object_name text,
  before      jsonb,
  after       jsonb
);
CREATE INDEX events_by_object ON events (object_kind, object_id, id);
CREATE INDEX events_by_actor ON events (actor, id);
