/** Why a NIC, or one of its addresses, has no record; and what to do. */
export const reasons = {
  powered_off: {
    text: '{{server}} is powered off.',
    remedy:
      'Start it in vCenter; its address is read by the next sync: wirebook account sync {{accountQuoted}} (or, if you know its address: wirebook server fix {{serverQuoted}} {{assignment}} )',
  },
  template: {
    text: '{{server}} is a template.',
    remedy: 'Nothing to do: a template has no address of its own.',
  },
  tools_not_installed: {
    text: 'VMware Tools are not installed on {{server}}.',
    remedy:
      'Install open-vm-tools in the guest; then: wirebook account sync {{accountQuoted}} (or, if you know its address: wirebook server fix {{serverQuoted}} {{assignment}} )',
  },
  tools_not_running: {
    text: 'VMware Tools are not running on {{server}}.',
    remedy:
      'Start them in the guest (systemctl start vmtoolsd, or the service VMware Tools); then: wirebook account sync {{accountQuoted}} (or, if you know its address: wirebook server fix {{serverQuoted}} {{assignment}} )',
  },
  tools_no_address: {
    text: 'VMware Tools on {{server}} report no address on this card.',
    remedy:
      'Configure an address in the guest; then: wirebook account sync {{accountQuoted}} (or, if you know its address: wirebook server fix {{serverQuoted}} {{assignment}} )',
  },
  no_network: {
    text: 'No network holds {{ip}}.',
    remedy:
      'Make the network it belongs to: wirebook network create NAME --wire {{wireQuoted}} --cidr {{cidr}}',
  },
  other_wire: {
    text: 'The network "{{network}}" holds {{ip}}, but lies on the wire "{{wire}}", not on "{{ownWire}}".',
    remedy:
      'If its servers use that network too, add this wire to it: wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}}',
  },
  outside_range: {
    text: '{{ip}} lies in the prefix of "{{network}}", outside its range {{start}} to {{end}}.',
    remedy: 'Widen the range: wirebook network update {{networkQuoted}} {{widen}}',
  },
  taken: {
    text: '{{ip}} is taken by {{holder}}.',
    remedy:
      'Find out which of the two is wrong, and change its address: wirebook conflict list --all --ip {{ip}}',
  },
  disconnected: {
    text: 'The card of {{server}} is not connected.',
    remedy:
      'Connect it in vCenter; then: wirebook account sync {{accountQuoted}} (or, if you know its address: wirebook server fix {{serverQuoted}} {{assignment}} )',
  },
  no_wire: {
    text: 'The port group of this card is gone, or hidden from this account ({{backing}}).',
    remedy:
      'Attach the card to a port group in vCenter, or give the account the right to see it; then: wirebook account sync {{accountQuoted}}',
  },
  vm_unreadable: {
    text: 'vCenter can not read the configuration of {{server}} ({{connectionState}}).',
    remedy:
      'Bring its host back, or remove the orphan from the inventory in vCenter (or, if you know its address: wirebook server fix {{serverQuoted}} {{assignment}} )',
  },
  nobody: 'a holder outside vCenter',
  titles: {
    powered_off: 'powered off',
    template: 'a template',
    tools_not_installed: 'VMware Tools not installed',
    tools_not_running: 'VMware Tools not running',
    tools_no_address: 'Tools report no address',
    no_network: 'no network holds the address',
    other_wire: 'the network lies on another wire',
    outside_range: "outside the network's range",
    taken: 'address taken',
    disconnected: 'card not connected',
    no_wire: 'port group gone or hidden',
    vm_unreadable: 'configuration not readable',
  },
} as const;
