/** What a person should look at, on the status page and in the readiness answer; and what a sync met. */
export const attention = {
  database: 'The database does not answer.',
  workers: 'The workers are not running.',
  stopping: 'The controller is stopping.',
  no_account: {
    text: 'No vCenter is known yet.',
    remedy:
      'wirebook account add NAME --url https://VCENTER/sdk --username USER --password-stdin --trust-seen',
  },
  account: {
    text: 'The account "{{name}}" is not in order: {{status}}',
    remedy: 'wirebook account test {{quoted}}',
  },
  operation: {
    text: 'An operation on "{{server}}" failed and left something behind.',
    remedy: 'wirebook operation show {{operation}}; to take it back: wirebook operation cancel {{operation}}',
  },
  no_network: {
    text: 'There are no networks yet, so no NIC can have a record.',
    remedy: 'wirebook proposal list',
  },
  unresolved_one: {
    text: 'One NIC has no record.',
    remedy: 'wirebook nic list --unresolved',
  },
  unresolved_other: {
    text: '{{count}} NICs have no record.',
    remedy: 'wirebook nic list --unresolved',
  },
  full_networks_one: {
    text: 'Of one network at least {{percentage}} % of the addresses that may be given are taken.',
    remedy: 'wirebook network list --sort -utilisation',
  },
  full_networks_other: {
    text: 'Of {{count}} networks at least {{percentage}} % of the addresses that may be given are taken.',
    remedy: 'wirebook network list --sort -utilisation',
  },
  findings_one: {
    text: 'One finding: what was observed contradicts what is declared or usual.',
    remedy: 'wirebook finding list',
  },
  findings_other: {
    text: '{{count}} findings: what was observed contradicts what is declared or usual.',
    remedy: 'wirebook finding list',
  },
  conflicts: {
    text: 'Addresses claimed twice: {{count}}.',
    remedy: 'wirebook conflict list',
  },
  nicsMoved:
    '{{moved}} of {{total}} NICs with addresses of "{{network}}" are on "{{to}}" by now, not on "{{from}}": move the network?',
  conflict: {
    duplicate: '{{holder}} has {{ip}}, and {{claimant}} reports it too.',
    moving: '{{ip}} goes to and fro between {{holder}} and {{claimant}}.',
  },
  sync: {
    interrupted: {
      text: 'The controller that ran this sync ended in the middle of it.',
      remedy: 'Nothing half done was kept. The account is read again by itself.',
    },
    cancelled: {
      text: 'The sync was cancelled.',
      remedy: 'Nothing of it was kept. To read again: wirebook account sync {{quoted}}',
    },
    internal: {
      text: 'The sync met a fault in Wirebook itself.',
      remedy: "The last good state stays. Look for this run's id in the controller's log.",
    },
    unanswered: '{{fault}}: the object did not answer; what was known of it stays.',
    vanished: 'It vanished while it was read.',
    no_privilege: 'The account may not read {{path}}: {{privilege}} is missing.',
    unreadable: 'Its configuration could not be read ({{state}}); what was known of it stays.',
    duplicate_identity: 'Another server of this account has the same instance UUID, {{uuid}}.',
    dropped_property: 'This version of the API does not have the property.',
    odd_address: 'It reports "{{value}}", which is not an address.',
    truncated_name: 'Its name was longer than 255 characters and was cut.',
  },
} as const;
