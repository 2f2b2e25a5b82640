/** Sync runs. */
export const syncRuns = {
  phase: 'At this moment: {{phase}}',
  read: '{{done}} so far',
  readOf: '{{done}} of {{total}}',
  waiting: 'The connection broke; it is being made again.',
  progress: 'Progress of the sync',
  nothingChanged: 'Nothing had changed.',
  changed: {
    hosts: 'Hosts: {{created}} new, {{updated}} changed, {{missing}} missing, {{returned}} back',
    virtualSwitches:
      'Virtual switches: {{created}} new, {{updated}} changed, {{missing}} missing, {{returned}} back',
    wires: 'Wires: {{created}} new, {{updated}} changed, {{missing}} missing, {{returned}} back',
    servers: 'Servers: {{created}} new, {{updated}} changed, {{missing}} missing, {{returned}} back',
    nics: 'NICs: {{created}} new, {{updated}} changed, {{missing}} missing, {{returned}} back',
  },
} as const;
