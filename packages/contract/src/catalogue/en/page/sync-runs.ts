/** Sync runs. */
export const syncRuns = {
  phase: 'At this moment: {{phase}}',
  read: '{{done}} so far',
  readOf: '{{done}} of {{total}}',
  waiting: 'The connection broke; it is being made again.',
  progress: 'Progress of the sync',
  nothingChanged: 'Nothing had changed.',
  kind: {
    hosts: 'Hosts:',
    virtualSwitches: 'Virtual switches:',
    wires: 'Wires:',
    servers: 'Servers:',
    nics: 'NICs:',
  },
  change: {
    created: '{{count}} new',
    updated: '{{count}} changed',
    missing: '{{count}} missing',
    returned: '{{count}} back',
  },
} as const;
