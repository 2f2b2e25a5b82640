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
      'See the network that is proposed for it, with its gateway, and accept it: wirebook proposal list --ip {{ip}} (or by hand: wirebook network create {{cidr}} --wire {{wireQuoted}} --cidr {{cidr}} )',
  },
  no_network_beside: {
    text: 'No network holds {{ip}}; "{{network}}" has the part {{start}} to {{end}} of {{cidr}}.',
    remedy:
      'If the address belongs to that network, widen its range: wirebook network update {{networkQuoted}} {{widen}}',
  },
  no_network_trunk: {
    text: 'No network holds {{ip}}; "{{ownWire}}" carries many VLANs and does not tell of which of them the address is.',
    remedy: 'See whether a network is proposed that holds it: wirebook proposal list --ip {{ip}}',
  },
  no_network_overlap: {
    text: 'No network holds {{ip}}; the guest says that it lies in {{cidr}}, of which "{{network}}" has the part {{start}} to {{end}}.',
    remedy:
      'See to the prefix length in the guest, or make a network beside that one: wirebook proposal list --ip {{ip}}',
  },
  other_wire: {
    text: 'The network "{{network}}" holds {{ip}}, but lies on the wire "{{wire}}", not on "{{ownWire}}".',
    remedy:
      'If its servers use that network too, add this wire to it: wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}}',
  },
  other_wire_suggested: {
    text: 'The network "{{network}}" holds {{ip}}, but lies on the wire "{{wire}}". "{{ownWire}}" may be one of its wires too, but: {{contradiction}}',
    remedy:
      'Decide: add this wire with wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}} ; leave it out for good with wirebook network wires {{networkQuoted}} --exclude {{ownWireQuoted}} ; or, where another site has the same range, see whether wirebook proposal list proposes an address space of its own for it, and accept that',
  },
  other_wire_excluded: {
    text: 'The network "{{network}}" holds {{ip}}, but lies on the wire "{{wire}}"; "{{ownWire}}" was excluded from it by a person.',
    remedy:
      'Give the server an address of another network; or, if its servers use that network after all, add this wire: wirebook network wires {{networkQuoted}} --add {{ownWireQuoted}}',
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
