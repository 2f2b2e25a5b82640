-- What proposals, detection of additional wires and findings ask of guests, without reading whole reports.

-- Default routes and name resolution: {"gateways": [{"ip", "device": key | -1: the guest's own | null: not said}], "dns": [ip], "domain"}.
-- Servers known from before get theirs with the next complete run.
ALTER TABLE servers ADD COLUMN routing jsonb NOT NULL DEFAULT '{"gateways": [], "dns": [], "domain": null}';

-- How many uses speak for a wire (`evidence` lists the first), and what is worth knowing beside them.
ALTER TABLE network_wires ADD COLUMN evidence_count integer NOT NULL DEFAULT 0;
ALTER TABLE network_wires ADD COLUMN note jsonb;

-- Which proposal a network was made from: accepting it again makes nothing.
ALTER TABLE networks ADD COLUMN proposal_id uuid;
CREATE INDEX networks_by_proposal ON networks (proposal_id) WHERE proposal_id IS NOT NULL;

-- The plan of a trigger is made once, by the first statement, which may have touched a single row: joined row by row, the next statement
-- with ten thousand rows would take a minute.
ALTER FUNCTION free_ended_claims() SET enable_nestloop = off;
ALTER FUNCTION free_ended_sightings() SET enable_nestloop = off;
