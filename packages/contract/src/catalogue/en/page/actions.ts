/** Buttons made of what the API says would mend something, and what comes of pressing them. */
export const actions = {
  done: 'Done: {{what}}',
  reading: 'The account is read again. What it finds shows here when the reading ends.',
  network: 'Network',
  range: 'Range',
  wires: 'Wires',
  settles_one: '{{count}} NIC gets a record by it.',
  settles_other: '{{count}} NICs get a record by it.',
  settlesNone: 'No NIC gets a record by it.',
  ends_one: '{{count}} record ends.',
  ends_other: '{{count}} records end.',
  conflicts_one: '{{count}} address is then claimed by two.',
  conflicts_other: '{{count}} addresses are then claimed by two.',
  server: 'Server',
  mac: 'MAC',
  address: 'Address',
  becomes: 'What happens',
  change: { settled: 'gets a record', ended: 'its record ends' },
  andMore_one: 'and {{count}} more',
  andMore_other: 'and {{count}} more',
  excludes:
    'The wire is left out of the network, whoever uses its addresses there, and is not suggested again. Nothing in vCenter changes. To undo it: "Include again" among the wires on the page of the network.',
} as const;
