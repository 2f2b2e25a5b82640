-- What the one search box looks for beyond names.
CREATE INDEX servers_by_guest_name_part ON servers USING gin (guest_host_name gin_trgm_ops) WHERE guest_host_name IS NOT NULL;
-- Holders outside vCenter are few among all claims.
CREATE INDEX claims_by_holder_part ON claims USING gin ((holder->>'name') gin_trgm_ops, (holder->>'owner') gin_trgm_ops)
  WHERE ended_at IS NULL AND holder IS NOT NULL;
