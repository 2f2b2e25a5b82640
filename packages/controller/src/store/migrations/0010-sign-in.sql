-- Who may come in, and how. users, sessions, user_identities and verifications are better-auth's user, session, account and verification
-- under names of ours; it writes the last three, and of users what a sign-in through another service would bring.

CREATE TABLE users (
  id             uuid PRIMARY KEY DEFAULT new_id(),
  username       text NOT NULL CONSTRAINT users_username_unique UNIQUE CHECK (username = lower(username) AND username <> ''),
  name           text NOT NULL,
  -- better-auth wants one for everybody; whoever has none has USERNAME@users.invalid (RFC 2606).
  email          text NOT NULL CONSTRAINT users_email_unique UNIQUE,
  email_verified boolean NOT NULL DEFAULT false,
  image          text,
  role           text NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'operator', 'administrator')),
  disabled_at    timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- The cookie carries it with a signature by the installation's key: reading it here signs nobody in.
  token      text NOT NULL CONSTRAINT sessions_token_unique UNIQUE,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- A way to prove that one is a user: a password (`credential`), later another service's word.
CREATE TABLE user_identities (
  id                       uuid PRIMARY KEY DEFAULT new_id(),
  user_id                  uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  provider_id              text NOT NULL,
  account_id               text NOT NULL,
  password                 text,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_identities_unique UNIQUE (provider_id, account_id)
);
CREATE INDEX user_identities_by_user ON user_identities (user_id);

CREATE TABLE verifications (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  identifier text NOT NULL,
  value      text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX verifications_by_identifier ON verifications (identifier);

-- Links that sign a user in once. Used and expired ones stay for a while, so that whoever comes by one is told what became of it.
CREATE TABLE sign_in_links (
  id         uuid PRIMARY KEY DEFAULT new_id(),
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  hash       bytea NOT NULL CONSTRAINT sign_in_links_hash_unique UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX sign_in_links_by_expiry ON sign_in_links (expires_at);

-- Wrong attempts to sign in, by address and by user name with address, neither of them readable here.
CREATE TABLE sign_in_failures (
  key           bytea PRIMARY KEY,
  failures      integer NOT NULL DEFAULT 0,
  last_at       timestamptz NOT NULL DEFAULT now(),
  blocked_until timestamptz
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- A token without a user: of the command line beside a controller, or made by such a one.
ALTER TABLE api_tokens
  ADD COLUMN user_id    uuid REFERENCES users ON DELETE CASCADE,
  ADD COLUMN kind       text NOT NULL DEFAULT 'api' CHECK (kind IN ('api', 'data_folder')),
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
-- Until now nobody else made any.
UPDATE api_tokens SET kind = 'data_folder';
CREATE INDEX api_tokens_by_user ON api_tokens (user_id, id) WHERE revoked_at IS NULL;
