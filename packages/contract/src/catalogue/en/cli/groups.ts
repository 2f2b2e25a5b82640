/** What is told in groups, each with what to do. */
export const groups = {
  group: {
    nics_one: '{{code}}: one NIC, {{title}}',
    nics_other: '{{code}}: {{count}} NICs, {{title}}',
    findings_one: '{{code}}: one finding, {{title}}',
    findings_other: '{{code}}: {{count}} findings, {{title}}',
  },
  finding: { none: 'Nothing was found to be wrong.' },
  mend: {
    hint: 'To mend what takes no decision of yours, many at once: wirebook nic mend',
    wires: 'Wires that networks have by it:',
    ranges: 'Ranges that are wider by it:',
    refused: 'Left to you:',
    remaining: 'What keeps NICs from having a record after it:',
    settled_one: 'One NIC has a record by it.',
    settled_other: '{{count}} NICs have a record by it.',
    conflicts_one: 'One address is claimed twice: wirebook conflict list',
    conflicts_other: '{{count}} addresses are claimed twice: wirebook conflict list',
    awaiting_one:
      'One NIC has an address that no network holds. See what is proposed: wirebook proposal list',
    awaiting_other:
      '{{count}} NICs have addresses that no network holds. See what is proposed: wirebook proposal list',
    nothing: 'There is nothing here that can be mended without a decision of yours.',
    ask: 'Do this? [y/N] ',
    yes: 'y yes',
    declined: 'nothing was changed',
  },
} as const;
