-- What lists of addresses and questions about them look for.

-- Resting addresses are few among all that were ever let go of.
CREATE INDEX freed_addresses_by_time ON freed_addresses (space_id, freed_at);

-- Live claims over all spaces, by address and by age.
CREATE INDEX claims_live_by_ip ON claims (ip, id) WHERE ended_at IS NULL;
CREATE INDEX claims_live_by_age ON claims (started_at, id) WHERE ended_at IS NULL;
-- Holders outside vCenter by their MAC; those in vCenter are found by their NIC.
CREATE INDEX claims_by_holder_mac ON claims (mac) WHERE ended_at IS NULL AND nic_id IS NULL AND mac IS NOT NULL;
CREATE INDEX claims_by_key ON claims (key) WHERE ended_at IS NULL AND key IS NOT NULL;
CREATE INDEX nic_mac_history_by_mac ON nic_mac_history (mac);
