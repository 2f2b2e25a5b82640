import { type IpAddress, prefixHolds, rangeHolds } from './addresses.ts';
import type { MatchAddress, MatchNetwork, MatchNic, Reason, ReasonCode } from './matching-facts.ts';

/** Why the NIC, or each of its open addresses, has no record; nothing where all is well. */
export function reasonsOf(options: {
  nic: MatchNic;
  open: readonly MatchAddress[];
  settled: boolean;
  onWire: readonly MatchNetwork[];
  /** The network of the NIC's space whose range holds the address, on whichever wire. */
  inSpace: (ip: IpAddress) => MatchNetwork | undefined;
  holderOf: (ip: string) => { nicId: string | null; serverId: string | null } | null;
}): Reason[] {
  const { nic, open, settled, onWire, inSpace, holderOf } = options;
  if (open.length === 0) return settled ? [] : [wholeNicReason(nic)];
  if (nic.wireId === null) return settled ? [] : [reason('no_wire')];
  return open.map((address) => {
    // Taken is what the NIC could have had: on another wire it does not contend, whoever has the address there.
    const own = onWire.find((candidate) => rangeHolds(candidate.range, address.ip));
    if (own !== undefined)
      return reason('taken', {
        ip: address.text,
        networkId: own.id,
        serverId: holderOf(address.text)?.serverId ?? null,
      });
    // The network whose range holds the address says more than one whose prefix does.
    const elsewhere = inSpace(address.ip);
    if (elsewhere !== undefined)
      return reason('other_wire', {
        ip: address.text,
        networkId: elsewhere.id,
        wireId: elsewhere.primaryWireId,
      });
    const around = onWire.find((candidate) => prefixHolds(candidate.prefix, address.ip));
    if (around !== undefined) return reason('outside_range', { ip: address.text, networkId: around.id });
    return reason('no_network', { ip: address.text });
  });
}

/** Why a NIC without any open address has no record. What keeps it from reporting comes before what it lacks. */
function wholeNicReason(nic: MatchNic): Reason {
  const { server } = nic;
  if (!server.readable) return reason('vm_unreadable');
  if (server.template) return reason('template');
  if (nic.wireId === null) return reason('no_wire');
  if (!server.poweredOn) return reason('powered_off');
  switch (server.tools) {
    case 'not_installed':
      return reason('tools_not_installed');
    case 'not_running':
    case 'unknown':
      return reason('tools_not_running');
    case 'running':
      return reason(nic.connected ? 'tools_no_address' : 'disconnected');
  }
}

function reason(code: ReasonCode, about: Partial<Omit<Reason, 'code'>> = {}): Reason {
  return { code, ip: null, networkId: null, wireId: null, serverId: null, ...about };
}
