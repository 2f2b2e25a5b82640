/** What is said of the rows of an import beside what is wrong with them. */
export const imports = {
  used_elsewhere:
    'No NIC of "{{wire}}" has an address of the range; those that have are on: {{wires}}. Is the VLAN the right one?',
  most_used: 'Several wires fit ({{wires}}); the one whose NICs use the range most was taken.',
  tie: 'Several wires fit and none is used more than the others ({{wires}}); "{{wire}}" was taken by its name.',
  filled: 'Filled in, since nothing was set: {{fields}}.',
  differs: 'The file says {{field}} {{listed}}; {{stands}} is declared and stays.',
  differs_vlan: 'The file says VLAN {{listed}}; the network lies on {{stands}} and stays there.',
} as const;

/** What is wrong with a row of an import of networks; of `fields`. */
export const importFields = {
  import_range_outside_prefix: 'The range {{start}} to {{end}} does not lie in the prefix {{cidr}}.',
  import_gateway_outside_prefix: 'It does not lie in the prefix {{cidr}}.',
  import_not_a_prefix_length: 'Neither a prefix length such as 24 nor a mask such as 255.255.255.0.',
  import_trunk:
    'A trunk carries many VLANs and no subnet of its own. Write the one VLAN id that the subnet lies on.',
  not_a_vlan: 'Not a VLAN id: 1 to 4094, or 0 or nothing where frames carry no tag.',
  import_overlap:
    'The range overlaps the network "{{other}}" ({{otherStart}} to {{otherEnd}}) of the address space "{{space}}". wirebook network show {{otherQuoted}}',
  import_overlap_line: 'The range overlaps that of line {{other}} ({{otherStart}} to {{otherEnd}}).',
  import_name_taken:
    'Another network of the address space "{{space}}" has this name: {{otherStart}} to {{otherEnd}}. wirebook network show {{otherQuoted}}',
  import_same_name: 'Line {{other}} has the same name.',
  import_no_wire: 'No wire has the VLAN {{vlan}}. Those that there are: wirebook wire list',
  import_no_wire_switch:
    'No wire has the VLAN {{vlan}} on the switch "{{switch}}". Those that there are: wirebook wire list',
  import_no_wire_elsewhere:
    'The VLAN {{vlan}} is not on the switch "{{switch}}", but on: {{switches}}. Write one of these, or leave the switch out.',
  import_no_wire_used:
    'No wire has the VLAN {{vlan}}, but NICs with addresses of the range are on: {{wires}}. Write the VLAN of the one that is meant, or make the network by hand: wirebook network create {{nameQuoted}} --wire {{wireQuoted}} --start {{start}} --end {{end}} --prefix {{prefix}}',
  import_no_wire_used_switch:
    'No wire has the VLAN {{vlan}} on the switch "{{switch}}", but NICs with addresses of the range are on: {{wires}}. Write the VLAN and the switch of the one that is meant, or make the network by hand: wirebook network create {{nameQuoted}} --wire {{wireQuoted}} --start {{start}} --end {{end}} --prefix {{prefix}}',
} as const;
