/** What speaks against taking a wire for one of a network's, what is worth knowing of one, and what disagrees in its picture. */
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
  picture: {
    vlan: 'VLAN {{vlan}}',
    untagged: 'no VLAN',
    host_disconnected:
      '{{host}} does not answer vCenter ({{state}}): what is shown is what it said before, and whether its links are up is not known.',
    wire_missing_one: 'The port group "{{wire}}" is not on {{host}}, but one server there uses it.',
    wire_missing_other: 'The port group "{{wire}}" is not on {{host}}, but {{count}} servers there use it.',
    vlan_deviates: '{{host}} has "{{wire}}" on {{vlan}}, most hosts have it on {{expected}}.',
    no_uplink: 'No physical NIC leads "{{wire}}" out of {{host}} ({{switch}}).',
    uplink_down_one: 'The link of {{devices}} is down.',
    uplink_down_other: 'The links of {{devices}} are down.',
    uplinks_all_down_one: 'The link of {{devices}} is down: nothing leaves {{host}} on "{{wire}}".',
    uplinks_all_down_other: 'The links of {{devices}} are down: nothing leaves {{host}} on "{{wire}}".',
    single_uplink:
      '{{device}} is the only physical NIC behind "{{wire}}" on {{host}}: when its link fails, nothing leaves.',
    untagged_vlan_differs:
      '{{device}} is plugged into {{neighbour}}, port {{port}}, where untagged traffic is in VLAN {{vlan}}; for most hosts it is in VLAN {{expected}}. "{{wire}}" sends untagged.',
    vlan_is_untagged:
      '{{device}} is plugged into {{neighbour}}, port {{port}}, which sends VLAN {{vlan}} untagged; "{{wire}}" expects it tagged.',
  },
} as const;
