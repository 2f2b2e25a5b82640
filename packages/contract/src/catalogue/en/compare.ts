/** In what a list from elsewhere differs from what is. */
export const compare = {
  nobody: 'somebody without a name',
  ghost: {
    text: 'It is in the list, but seen nowhere and recorded for nobody.',
    text_more:
      'It is in the list, but seen nowhere and recorded for nobody. {{name}} had it until {{until}}.',
    remedy:
      'Take it off the list. If a device outside vCenter has it, record that: wirebook import addresses FILE',
  },
  stranger: {
    text: '{{found}} has or shows it, and it is not in the list.',
    remedy: 'Put it on the list, or see why it is there: wirebook why {{asked}}',
  },
  mac: {
    text: 'The list says the MAC {{listed}}, and it is {{found}}.',
    remedy: 'Mend the list. If the other MAC should have the address: wirebook why {{asked}}',
  },
  name: {
    text: 'The list says {{listed}}, and it is {{found}}.',
    remedy: 'Mend the list. If the other one should have the address: wirebook why {{asked}}',
  },
  network: {
    text: 'The list says the network {{listed}}, and it lies in {{found}}.',
    text_more:
      'The list says the network {{listed}}, but neither that network nor any other holds the address.',
    remedy: 'Mend the list, or the range of the network: wirebook network list --ip {{ip}}',
  },
  status: {
    text: 'The list says that it is free, and {{found}} has or shows it.',
    remedy: 'Mend the list, or free the address where it is used: wirebook why {{asked}}',
  },
  duplicate: {
    text: 'Line {{other}} of the list has the same address.',
    remedy: 'Take one of the two lines off the list.',
  },
  unreadable: {
    text: '{{listed}}: {{why}}',
    remedy: 'Mend the cell; the rest of the list was compared.',
  },
  where: {
    record: '{{name}} has it, since {{since}}.',
    record_wire: '{{name}} has it on the wire "{{wire}}", since {{since}}.',
    held: 'Given out for {{name}} at {{since}}; no NIC has shown it yet.',
    holder: 'Entered for {{name}}, outside vCenter, at {{since}}.',
    seen: '{{name}} shows it inside the guest, since {{since}}.',
    seen_wire: '{{name}} shows it on the wire "{{wire}}", since {{since}}.',
    vmkernel: 'The host {{name}} has it for itself.',
  },
} as const;
