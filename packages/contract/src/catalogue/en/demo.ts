/** What the demo says between its commands. */
export const demo = {
  emptied: 'What an earlier demo left in {{data}} was removed: each demo starts afresh.',
  starting:
    'Starting a simulated vCenter and Wirebook beside it; building the simulator takes a minute once.',
  step: {
    refused:
      'The vCenter shows a certificate that no authority vouches for: nothing is added, and its fingerprint is shown',
    preview: 'With the fingerprint trusted: what would be imported, without keeping anything',
    add: 'The vCenter is added; its first sync begins by itself',
    sync: 'Sync it, and wait until everything is read',
    wires: 'Every port group has become a wire, one to one; equal names stay apart',
    unmatched:
      'vCenter knows no subnets, so no NIC has a record yet; addresses that VMware Tools report are tags',
    proposed:
      'From what guests report, the networks that an administrator would type in are proposed, with what speaks against each',
    accepted: 'Accept them all: whoever can be settled is, and the rest is counted by reason',
    evidence:
      'A wire beside the primary one was found by who uses its addresses; where something contradicts, it is only suggested',
    dryRun:
      'By hand instead: what would a network on a wire settle, and which other wires use it? Nothing is written',
    create:
      'Make it: the addresses of its range become NIC records, on the second port group that uses it too',
    ambiguous: 'A name that fits two wires is refused with both; the id says which',
    range: 'A change that would leave out addresses that somebody has is refused with them',
    overlap: 'No two networks of an address space overlap',
    additionalWire: 'A wire that was found can be declared as well: then it stays, whoever is on it',
    excluded: 'A suggested wire is for a person to decide: this one is excluded for good',
    reasons: 'Every NIC that has no record says why, and what to do',
    conflicts: 'Two that claim one address: the first keeps it, the other is shown',
    next: 'An accepted network gives nothing until a person says from where; then: which addresses would be given next? Asking holds none of them; a /64 is asked like a /24',
    allocate:
      'Take the next free address, for two hours: unless a NIC has it by then, it comes back by itself',
    byKey: 'The same key gets the same address, however often it is asked for',
    wished:
      'Exactly this address, or the reason why not: a gateway, or one that a server uses somewhere else without a record',
    reservation: 'Ranges are kept back: for later, or because a DHCP server gives them out',
    fixed: 'VMware Tools are silent: say by hand which address the server has, and it is taken from then on',
    holders: 'A printer is no virtual machine, yet it has an address: take such holders over from a table',
    why: 'Why is it so? One question, about an address, a MAC or a server',
    decided:
      'The conflicts from before are decided: one stays with its holder, the load balancers share theirs on purpose',
    findings: 'What the observations show to be wrong is found, and what to do about it',
    split: 'A network is split, and merged again: everything goes with its address, or nothing happens',
    compared:
      'A spreadsheet is held against what is: who is nowhere, who goes by another name, who is missing from it',
    declarations:
      'All that people declared is one document; taken into a Wirebook that has it already, it changes nothing',
    unchanged: 'The same vCenter read again changes nothing',
    plan: 'Something has changed in vCenter; a dry run shows the plan and writes nothing',
    applied: 'Now for good: the wire follows its new name and keeps its network',
    history: 'Who had an address, from when to when, and why it ended',
    placed:
      'A server on this network: for every host why or why not, the one that is chosen, and the address it would get. Nothing is made',
    made: 'Make it: cloned, bound to the port group, told its address, powered on, and watched until VMware Tools show it',
    refusedServer:
      'On a full network, or where the only host is in maintenance, it is refused before anything is made',
    deleted:
      'Delete it: one that runs only if it may be powered off; its address is given back, and rests for a while',
  },
  inVcenter:
    'In vCenter: the port group "{{from}}" is now called "{{to}}", and {{machine}} has the address {{ip}}.\n',
  file: '{{file}} holds:\n  {{text}}\n',
  outcome: '{{settled}} of {{nics}} NICs settled; the rest: {{rest}}.',
  goOn: {
    ready: 'Wirebook is ready at {{url}}',
    signIn: 'Sign in (works once): {{link}}',
    token: 'Its token is in {{data}}/cli.json; the command line finds it there:',
    try: '  export WIREBOOK_DATA={{data}}\n  npx wirebook status\n  npx wirebook nic list --unresolved\n  npx wirebook --help',
    docs: 'The HTTP API, to browse: {{url}}/docs',
    stop: 'Ctrl-C ends the demo.',
  },
  stopping: 'Stopping.',
  stopped: 'The demo was ended before its last step.',
  failed: {
    step: 'Step {{number}} failed ({{title}}): {{cause}}',
    exitCode: '"{{line}}" ended with exit code {{ended}} instead of {{exitCode}}',
  },
} as const;
