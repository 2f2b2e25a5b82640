import { declarationFields } from './declarations.ts';

/** What is wrong with one field of a request. */
export const fields = {
  required: 'This field is required.',
  not_null: 'Null is not taken here.',
  wrong_type: 'Expected {{expected}}.',
  unknown: 'There is no such field.',
  empty: 'Must not be empty.',
  too_short: 'At least {{minimum}} needed.',
  too_long: 'At most {{maximum}} taken.',
  too_small: 'Must be at least {{minimum}}.',
  too_big: 'Must be at most {{maximum}}.',
  not_one_of: 'Must be one of: {{values}}.',
  not_text: 'Holds a character that no text has: NUL, or half of a surrogate pair.',
  not_the_form: 'Not in the form that this field takes.',
  not_an_address: 'Not an IPv4 or IPv6 address.',
  not_a_host: 'Neither an address nor a host name.',
  not_a_prefix: 'Not a prefix such as 10.1.0.0/24.',
  host_bits_set: 'Host bits are set; the prefix is {{prefix}}.',
  ipv4_mapped: 'An IPv4 address in IPv6 notation; write it as {{address}}.',
  not_a_unicast: 'Not an address that a machine can have.',
  zero_prefix: 'The prefix length 0 would take every address there is.',
  prefix_too_long: 'An IPv{{family}} prefix has at most {{maximum}} bits.',
  family_mixed: 'Must be of the same address family as {{other}}.',
  range_reversed: 'The start comes after the end.',
  change_not_accepted: 'This proposal is not among those that are accepted.',
  change_twice: 'This proposal is changed twice.',
  cidr_or_range: 'Give either cidr, or start, end and prefixLength.',
  same_network: 'It is the same network.',
  giving_overlaps: 'Parts of giving overlap one another.',
  not_a_url: 'Not an https URL of a vCenter or ESXi.',
  not_a_mac: 'Not a MAC address.',
  not_sortable: 'Lists can be sorted by: {{fields}}.',
  bad_cursor: 'Not a cursor of this list; use nextCursor of the page before, with the same sort.',
  nothing_to_change: 'The request names nothing to change.',
  insecure_and_trust: 'Either trust or insecure, not both.',
  one_of_two: 'Give either {{first}} or {{second}}.',
  twice: 'Named twice: also in {{other}}.',
  suggested_of_which: 'Takes the wires or the networks that it is meant for: wires, networks.',
  expired: 'Lies in the past.',
  fix_no_such_nic:
    '{{server}} has no NIC with this MAC; it has {{macs}}. wirebook server show {{serverQuoted}}',
  fix_no_network:
    'No network holds this address. Make it: wirebook network create NAME --wire {{wireQuoted}} --cidr {{cidr}}',
  fix_other_wire:
    'The network "{{network}}" holds it, but lies on the wire "{{wire}}"; {{server}} is attached to {{wires}}. If its servers use that network too, declare its wire: wirebook network wires {{networkQuoted}} --add {{wireQuoted}}',
  fix_nic_other_wire:
    'The network "{{network}}" holds it, but lies on the wire "{{wire}}", not on "{{ownWire}}" of this NIC. If its servers use that network too: wirebook network wires {{networkQuoted}} --add {{wireQuoted}}',
  fix_outside_range:
    'It lies in the prefix of "{{network}}", outside its range {{start}} to {{end}}. Widen the range: wirebook network update {{networkQuoted}} {{widen}}',
  fix_taken: '{{holder}} has it. See why: wirebook why {{ip}}',
  fix_seen: '{{holder}} reports it at this moment. See why: wirebook why {{ip}}',
  fix_network_address: 'It is the network address of "{{network}}"; no machine can have it.',
  fix_broadcast: 'It is the broadcast address of "{{network}}"; no machine can have it.',
  fix_no_nic_left:
    'Every NIC of {{server}} on a wire of "{{network}}" has an address of this family already. To change one, name the NIC: wirebook server fix {{serverQuoted}} MAC={{ip}}',
  fix_no_wire:
    'The port group of this NIC is gone or hidden, so no network can be told. Attach it in vCenter and sync.',
  fix_no_nics: '{{server}} has no NIC. Add one in vCenter and sync.',
  fix_mac_not_unique:
    '{{count}} NICs of {{server}} have this MAC ({{labels}}), so it does not say which one is meant. Give the cards different MACs in vCenter and sync, or leave the MAC out: addresses then go to the cards in their order.',
  fix_clear_and_set:
    'The same NIC is to be cleared and to have an address: see {{other}}. Keep one of the two.',
  fix_server_missing: '{{server}} has not been found in vCenter since {{since}}.',
  fix_no_such_server: 'There is no server with this name or id: wirebook server list',
  fix_ambiguous_server: '{{count}} servers have this name; use the id or the instance UUID.',
  import_no_network:
    'No network of the address space "{{space}}" holds it. Make it first: wirebook network create NAME --wire WIRE --cidr {{cidr}}',
  import_taken: '{{holder}} has it already.',
  import_seen: '{{holder}} reports it at this moment: not outside vCenter.',
  import_network_address: 'It is the network address of "{{network}}"; nobody can have it.',
  import_broadcast: 'It is the broadcast address of "{{network}}"; nobody can have it.',
  import_same_ip: 'The same address stands in line {{other}} already.',
  import_no_content: 'Name, owner, MAC or note: at least one is needed.',
  ...declarationFields,
} as const;
