-- What Wirebook runs for minutes: operations, step by step, each noted before it acts.

CREATE TABLE operations (
  id               uuid PRIMARY KEY DEFAULT new_id(),
  kind             text NOT NULL CHECK (kind IN ('create_server', 'create_servers', 'delete_server', 'attach_nic', 'detach_nic', 'change_nic')),
  state            text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'undone', 'cancelled')),
  -- Steps are being taken back; `state` is still running.
  undoing          boolean NOT NULL DEFAULT false,
  parent_id        uuid REFERENCES operations ON DELETE CASCADE,
  -- Of an account that is removed what was done stays on record.
  account_id       uuid REFERENCES cloud_accounts ON DELETE SET NULL,
  server_id        uuid REFERENCES servers ON DELETE SET NULL,
  server_name      text,
  requested_by     text,
  -- What was asked for, without secrets.
  input            jsonb NOT NULL,
  -- Passwords, keys and user data, sealed; gone when the operation has ended.
  sealed           bytea,
  -- What steps found out and made: all that going on or taking back needs.
  facts            jsonb NOT NULL DEFAULT '{}',
  warnings         jsonb NOT NULL DEFAULT '[]',
  error            jsonb,
  -- What is left of a failed one.
  remains          jsonb NOT NULL DEFAULT '[]',
  keep_on_failure  boolean NOT NULL DEFAULT false,
  cancel_requested boolean NOT NULL DEFAULT false,
  controller_id    uuid,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz,
  ended_at         timestamptz
);
CREATE INDEX operations_by_parent ON operations (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX operations_by_server ON operations (server_id) WHERE server_id IS NOT NULL;
CREATE INDEX operations_by_account ON operations (account_id, id);
CREATE INDEX operations_by_state ON operations (state, id);
-- One at a time changes a server.
CREATE UNIQUE INDEX operations_one_per_server ON operations (server_id)
  WHERE server_id IS NOT NULL AND kind <> 'create_server' AND state IN ('queued', 'running');
-- Those that somebody has to go on with.
CREATE INDEX operations_open ON operations (account_id, id) WHERE state IN ('queued', 'running') AND kind <> 'create_servers';

CREATE TABLE operation_steps (
  operation_id uuid NOT NULL REFERENCES operations ON DELETE CASCADE,
  position     integer NOT NULL,
  name         text NOT NULL,
  state        text NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'undoing', 'undone', 'not_undone', 'skipped')),
  started_at   timestamptz,
  ended_at     timestamptz,
  -- A sentence of the catalogue by code, with its values.
  detail       jsonb,
  PRIMARY KEY (operation_id, position)
);

CREATE TABLE operation_log (
  operation_id uuid NOT NULL REFERENCES operations ON DELETE CASCADE,
  id           uuid NOT NULL DEFAULT new_id(),
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  line         jsonb NOT NULL,
  PRIMARY KEY (operation_id, id)
);

-- The addresses that an operation took: its own way to find them again, whatever became of the claim.
CREATE TABLE operation_addresses (
  operation_id uuid NOT NULL REFERENCES operations ON DELETE CASCADE,
  position     integer NOT NULL,
  claim_id     uuid NOT NULL,
  ip           inet NOT NULL,
  network_id   uuid,
  network_name text NOT NULL,
  PRIMARY KEY (operation_id, position)
);

-- A request that began an operation is answered with it when it is sent again, also when its first answer was lost with the controller.
ALTER TABLE idempotency_keys ADD COLUMN operation_id uuid;
