/** What the observations show to be wrong: what was expected, what was found, where; and what to do. */
export const findings = {
  guest_mask: {
    text: '{{server}} ({{nic}}) reports {{ip}}{{found}} on "{{wire}}"; the prefix length of the network "{{network}}" is {{expected}}.',
    remedy:
      'Set the prefix length in the guest to {{expected}}. If the guest is right, change the network: wirebook network update {{networkQuoted}} --prefix {{length}}',
  },
  guest_gateway: {
    text: '{{server}} ({{nic}}, {{ip}}) uses the gateway {{found}}; that of the network "{{network}}" is {{expected}}.',
    remedy:
      'Set the gateway in the guest to {{expected}}. If the guest is right, change the network: wirebook network update {{networkQuoted}} --gateway {{found}}',
  },
  link_local_address: {
    text: '{{server}} ({{nic}}) has nothing but {{found}} in IPv4 on "{{wire}}": no DHCP server has answered it.',
    remedy:
      'See to it that a DHCP server answers on "{{wire}}", or configure an address in the guest. Then: wirebook account sync {{accountQuoted}}',
    remedy_network:
      'See to it that a DHCP server answers on "{{wire}}", or configure an address in the guest; which ones are free: wirebook network next {{networkQuoted}}',
  },
  duplicate_address: {
    text: '{{server}} ({{nic}}) says that {{ip}}, which it is configured with, is in use by another: {{found}} has it.',
    text_unseen:
      '{{server}} ({{nic}}) says that {{ip}}, which it is configured with, is in use by another, whom no account shows.',
    remedy: 'Find out whose it is, and change the address of the other one: wirebook why {{ip}}',
  },
  vlan_disagreement: {
    text: '"{{wire}}" has {{expected}} on {{common}} of {{hosts}} hosts, but {{found}}.',
    vlan: 'VLAN {{vlan}}',
    untagged: 'no VLAN',
    elsewhere: '{{vlan}} on {{hosts}}',
    remedy:
      'Give the port group one VLAN, in vCenter or on the hosts that differ: esxcli network vswitch standard portgroup set -p {{nameQuoted}} -v {{vlanId}} . Then: wirebook account sync {{accountQuoted}}',
  },
  unexpected_dhcp: {
    text: '{{server}} ({{nic}}) has {{ip}} by DHCP, outside the DHCP ranges of the network "{{network}}" ({{ranges}}).',
    text_none:
      '{{server}} ({{nic}}) has {{ip}} by DHCP; the network "{{network}}" has no DHCP range, and most of its guests ({{configured}}) are configured by hand.',
    remedy:
      'Find out which DHCP server answers on "{{wire}}". If it is meant to give this address out, say so: wirebook reservation add {{networkQuoted}} {{ip}} --dhcp --note DHCP',
  },
  gateway_unset: {
    text_one:
      'The network "{{network}}" has no gateway; the one guest that has a gateway there uses {{found}}.',
    text_other:
      'The network "{{network}}" has no gateway; all {{count}} guests that have a gateway there use {{found}}.',
    remedy: 'Take it over: wirebook network update {{networkQuoted}} --gateway {{found}}',
  },
  network_moved: {
    text: '{{moved}} of {{total}} NICs with addresses of "{{network}}" are on "{{found}}" by now, not on "{{expected}}": move the network?',
    remedy:
      'See what would change, and then do it: wirebook network move {{networkQuoted}} --wire {{wireQuoted}} --dry-run',
  },
  wire_suggested: {
    text_one:
      'One server on "{{wire}}" uses addresses of the network "{{network}}", but this speaks against its being one of the wires of the network: {{contradiction}}',
    text_other:
      '{{count}} servers on "{{wire}}" use addresses of the network "{{network}}", but this speaks against its being one of the wires of the network: {{contradiction}}',
    remedy:
      'Decide: add it with wirebook network wires {{networkQuoted}} --add {{wireQuoted}} ; leave it out for good with wirebook network wires {{networkQuoted}} --exclude {{wireQuoted}} ; or, where another site has the same range, take it to an address space of its own: wirebook proposal list shows which, and wirebook proposal accept does it',
  },
  contradicted_record: {
    text_manual:
      '{{server}} ({{nic}}) has {{expected}} in the network "{{network}}", fixed by hand, but the guest reports {{found}}.',
    text_allocated:
      '{{server}} ({{nic}}) has {{expected}} in the network "{{network}}", given out by Wirebook, but the guest reports {{found}}.',
    remedy:
      'If the guest is right, let go of the record: wirebook network release {{networkQuoted}} {{expected}} . If the record is right, configure {{expected}} in the guest. Until then it stays occupied.',
  },
  titles: {
    guest_mask: 'another prefix length in the guest than in its network',
    guest_gateway: 'another gateway in the guest than in its network',
    link_local_address: 'only a 169.254 address: no DHCP answer',
    duplicate_address: 'the guest says that its address is in use by another',
    vlan_disagreement: 'hosts have the port group on different VLANs',
    unexpected_dhcp: 'an address by DHCP where there should be none',
    gateway_unset: 'the network has no gateway, its guests have one',
    network_moved: 'the NICs of a network have moved to another wire',
    wire_suggested: 'a suggested wire waits for a decision',
    contradicted_record: 'the guest contradicts the record',
  },
} as const;
