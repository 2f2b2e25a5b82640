-- What leads a wire from a host to the physical network: which physical NIC stands behind which uplink, and which of them a standard
-- port group uses on each host. Null where it has not been read yet, or the host doesn't say.

-- [{name, lag, device}]: as port groups name the uplink, the LAG that it belongs to, the physical NIC behind it.
ALTER TABLE virtual_switch_hosts ADD COLUMN uplink_ports jsonb;

-- {policy, active, standby} of a standard port group on this host; a distributed one has the same on all (wires.teaming).
ALTER TABLE wire_hosts ADD COLUMN teaming jsonb;

CREATE OR REPLACE VIEW wire_presence AS
  SELECT account_id, wire_id, host_id, switch_id, vlan, teaming FROM wire_hosts
  UNION ALL
  SELECT w.account_id, w.id, h.host_id, w.switch_id, w.vlan, NULL::jsonb
  FROM wires w JOIN virtual_switch_hosts h ON h.account_id = w.account_id AND h.switch_id = w.switch_id
  WHERE w.spans_switch;
