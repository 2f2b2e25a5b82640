/** What speaks against taking a wire for one of a network's, and what is worth knowing of one. */
export const wires = {
  contradiction: {
    same_address: '{{server}} here and {{other}} on "{{otherWire}}" report {{ip}} at the same time.',
    other_gateway:
      'Its servers leave the range through {{gateway}} ({{server}}, {{count}} in all), not through {{expected}}.',
    trunk: '"{{wire}}" is a trunk: it carries many VLANs and tells none.',
    no_uplink: '"{{wire}}" has no uplink: nothing on it reaches the others.',
    other_account:
      'It belongs to the account "{{account}}", the primary wire to "{{primary}}"; the range is a private one, which each site may use for itself.',
    other_datacenter:
      'It is in the datacenter "{{datacenter}}", on another VLAN than the primary wire in "{{primary}}"; the range is a private one, which each site may use for itself.',
  },
  note: {
    other_vlan: 'VLAN {{vlan}} here, {{primaryVlan}} on the primary wire.',
  },
} as const;
