-- What findings look for is rare among what is stored: each kind has its own few rows at hand.

CREATE INDEX sightings_link_local ON sightings (nic_id) WHERE ended_at IS NULL AND ip << inet '169.254.0.0/16';
CREATE INDEX sightings_duplicate ON sightings (nic_id) WHERE ended_at IS NULL AND state = 'duplicate';
CREATE INDEX wires_disagreeing ON wires (id) WHERE vlan_disagreement;
CREATE INDEX network_wires_suggested ON network_wires (network_id) WHERE origin = 'suggested';
CREATE INDEX claims_contradicted ON claims (nic_id) WHERE ended_at IS NULL AND contradicted_by <> '{}';
