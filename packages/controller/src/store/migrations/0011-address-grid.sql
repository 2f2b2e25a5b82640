-- How many of a range's addresses NICs have is counted in this index alone: it is gone through by millions.
DROP INDEX claims_one_holder;
CREATE UNIQUE INDEX claims_one_holder ON claims (space_id, ip) INCLUDE (nic_id) WHERE ended_at IS NULL AND NOT shared;
