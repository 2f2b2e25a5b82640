/** What is said of proposed networks. */
export const proposals = {
  objection: {
    apart: 'The range is used elsewhere too: it gets an address space of its own. {{contradiction}}',
    one_server: 'Only {{server}} says so.',
    wrong_mask: '{{server}} takes its network for {{said}} ({{ip}}); such guests: {{count}}.',
    no_mask: 'No guest says how long the prefix is; {{prefix}} is assumed.',
    narrowed: '{{server}} takes its network for {{said}}, which reaches over others; {{prefix}} is assumed.',
    other_gateway:
      '{{server}} leaves through {{gateway}}, most others through {{expected}}; such guests: {{count}}.',
    no_gateway: 'No guest has a default gateway in it.',
    cut: 'It is only a part of {{prefix}}: other networks have the rest.',
    twice: '{{ip}} is reported by {{server}} and by {{other}}; such addresses: {{count}}.',
    trunk: '"{{wire}}" is a trunk: it carries many VLANs.',
    no_uplink: '"{{wire}}" has no uplink.',
  },
  remaining: {
    taken_one: 'One NIC: another has its address.',
    taken_other: '{{count}} NICs: another has their address.',
    other_wire_one: 'One NIC on "{{wire}}", which is only suggested.',
    other_wire_other: '{{count}} NICs on "{{wire}}", which is only suggested.',
  },
} as const;
