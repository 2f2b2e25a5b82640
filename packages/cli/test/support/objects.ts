/** Objects as the API answers them, with what a test names. */

const stamps = { createdAt: '2026-01-02T03:04:05Z', updatedAt: '2026-01-02T03:04:05Z' };
const ids = { vc: '00000000-0000-7000-8000-000000000001', space: '00000000-0000-7000-8000-000000000002' };
const account = { id: ids.vc, name: 'vc-berlin' };
const space = { id: ids.space, name: 'default' };

export function idOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export function wire(name: string, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(10),
    account,
    moref: 'dvportgroup-1',
    missingSince: null,
    name,
    portGroupId: 'dvportgroup-1',
    kind: 'distributed',
    purpose: 'vm',
    space,
    datacenter: 'dc',
    vlan: { kind: 'id', id: 120, ranges: [], primaryId: null },
    virtualSwitch: { id: idOf(11), name: 'dvs-prod' },
    hostVlans: [],
    vlanDisagreement: false,
    security: { promiscuous: false, macChanges: false, forgedTransmits: true },
    teaming: null,
    counts: { servers: 3, nics: 4, networks: 1 },
    ...set,
  };
}

export function network(name: string, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(20),
    name,
    space,
    wire: { id: idOf(10), name: 'front' },
    additionalWires: [],
    suggestedWires: [],
    excludedWires: [],
    family: 4,
    companion: null,
    start: '10.1.2.1',
    end: '10.1.2.254',
    prefixLength: 24,
    cidr: '10.1.2.0/24',
    giving: [],
    gateway: '10.1.2.1',
    dns: [],
    domain: null,
    ntp: [],
    allocationPolicy: 'stepup',
    restingSeconds: 1800,
    description: '',
    tags: {},
    counts: { total: 254, used: 2, reserved: 0, resting: 0, seen: 0, free: 252 },
    utilisation: 0.78,
    ...set,
  };
}

export function effect(of: object, set: object = {}): object {
  return { network: of, settles: 0, ends: 0, conflicts: 0, nics: [], ...set };
}

export function nic(server: string, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(30),
    account,
    missingSince: null,
    server: { id: idOf(31), name: server },
    deviceKey: 4000,
    label: 'Network adapter 1',
    model: 'vmxnet3',
    mac: '00:50:56:aa:00:01',
    formerMacs: [],
    wire: { id: idOf(10), name: 'front' },
    connected: true,
    observed: [],
    records: [],
    reasons: [],
    ...set,
  };
}

export function reason(code: string, set: object = {}): object {
  return {
    code,
    ip: null,
    text: `Text of ${code}.`,
    remedy: `Remedy of ${code}.`,
    network: null,
    wire: null,
    server: null,
    actions: [],
    ...set,
  };
}

export function finding(kind: string, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(60),
    kind,
    text: `Text of ${kind}.`,
    remedy: `Remedy of ${kind}.`,
    account,
    space,
    server: { id: idOf(31), name: 'web-01' },
    nic: { id: idOf(30), name: 'Network adapter 1', mac: '00:50:56:aa:00:01' },
    network: { id: idOf(20), name: 'web' },
    wire: { id: idOf(10), name: 'front' },
    ip: '10.1.2.3',
    expected: '/24',
    found: '/16',
    vlans: [],
    ...set,
  };
}

export function mending(set: object = {}): object {
  return {
    dryRun: false,
    settled: 0,
    conflicts: 0,
    wires: [],
    ranges: [],
    refused: [],
    awaitingNetwork: 0,
    remaining: [],
    changes: [],
    ...set,
  };
}

export function cloudAccount(name: string, set: object = {}): object {
  return {
    ...stamps,
    id: ids.vc,
    name,
    kind: 'vcenter',
    url: 'https://vc.example/sdk',
    username: 'reader@vsphere.local',
    instanceUuid: idOf(99),
    version: '8.0.2',
    trust: null,
    insecure: false,
    enabled: true,
    status: 'ok',
    statusText: null,
    statusRemedy: null,
    space,
    syncEvery: 900,
    lastSync: null,
    lastCompleteSyncAt: null,
    ...set,
  };
}

export function syncRun(set: object = {}): object {
  return {
    ...stamps,
    id: idOf(40),
    account,
    kind: 'full',
    trigger: 'request',
    dryRun: false,
    state: 'running',
    phase: 'servers',
    progress: { done: 0, total: null },
    counts: {},
    changes: {},
    errors: [],
    durations: {},
    failure: null,
    startedAt: '2026-01-02T03:04:05Z',
    endedAt: null,
    ...set,
  };
}

export function statusBody(set: object = {}): object {
  return {
    version: '0.1.0',
    startedAt: '2026-01-02T03:04:05Z',
    counts: {
      accounts: 1,
      hosts: 2,
      wires: 3,
      networks: 0,
      servers: 5,
      nics: 6,
      records: 0,
      unresolved: 6,
      conflicts: 0,
      operations: 0,
    },
    attention: [],
    ...set,
  };
}

/** An address of a network's list, or a run of them. */
export function networkAddress(start: string, state: string, set: object = {}): object {
  return {
    start,
    end: start,
    count: 1,
    state,
    server: null,
    nic: null,
    holder: null,
    key: null,
    source: null,
    since: null,
    until: null,
    evidence: null,
    ...set,
  };
}

export function givenAddress(ip: string, set: object = {}): object {
  return {
    id: idOf(50),
    ip,
    network: { id: idOf(20), name: 'web' },
    key: null,
    source: 'allocated',
    server: null,
    nic: null,
    holder: null,
    since: '2026-01-02T03:04:05Z',
    expiresAt: null,
    prefixLength: 24,
    gateway: '10.1.2.1',
    dns: ['10.1.0.53', '10.1.0.54'],
    domain: null,
    ntp: [],
    ...set,
  };
}

export function reservation(start: string, end: string, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(60),
    network: { id: idOf(20), name: 'web' },
    kind: 'reserved',
    start,
    end,
    count: 1,
    note: '',
    expiresAt: null,
    ...set,
  };
}

export function nicFix(ip: string, change: string, set: object = {}): object {
  return {
    server: { id: idOf(31), name: 'web-01' },
    nic: { id: idOf(30), mac: '00:50:56:aa:00:01', label: 'Network adapter 1' },
    wire: { id: idOf(10), name: 'front' },
    ip,
    network: { id: idOf(20), name: 'web' },
    change,
    ...set,
  };
}

export function conflict(ip: string, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(70),
    kind: 'duplicate',
    ip,
    space,
    network: { id: idOf(20), name: 'web' },
    holders: [side('web-01', '00:50:56:aa:00:01')],
    claimants: [side('web-02', '00:50:56:aa:00:02')],
    since: '2026-01-02T03:04:05Z',
    text: `web-01 has ${ip}, and web-02 reports it too.`,
    proposal: null,
    resolution: null,
    resolvedAt: null,
    resolvedBy: null,
    ...set,
  };
}

function side(server: string, mac: string): object {
  return {
    server: { id: idOf(31), name: server },
    nic: { id: idOf(30), mac },
    wire: { id: idOf(10), name: 'front' },
    source: 'tools',
    powerState: 'poweredOn',
    connected: true,
    firstSeenAt: '2026-01-02T03:04:05Z',
    lastSeenAt: '2026-01-02T03:04:05Z',
    reporting: true,
  };
}

export function addressWhy(ip: string, set: object = {}): object {
  return {
    ip,
    space,
    network: { id: idOf(20), name: 'web' },
    state: 'used',
    server: { id: idOf(31), name: 'web-01' },
    nic: { id: idOf(30), mac: '00:50:56:aa:00:01' },
    holder: null,
    key: null,
    source: 'tools',
    since: '2026-01-02T03:04:05Z',
    expiresAt: null,
    shared: false,
    seenOn: [],
    history: [],
    free: false,
    obstacles: [],
    wires: [
      { id: idOf(10), name: 'front', vlan: 'VLAN 120', virtualSwitch: { id: idOf(11), name: 'dvs-prod' } },
    ],
    conflicts: [],
    ...set,
  };
}

export function nicWhy(server: string, set: object = {}, nicSet: object = {}): object {
  return {
    nic: nic(server, nicSet),
    host: { id: idOf(80), name: 'esx-1' },
    powerState: 'poweredOn',
    wire: {
      id: idOf(10),
      name: 'front',
      vlan: 'VLAN 120',
      virtualSwitch: { id: idOf(11), name: 'dvs-prod' },
    },
    port: '17',
    neighbours: [{ device: 'vmnic0', neighbour: 'sw-1 Gi1/0/7' }],
    ...set,
  };
}

export const stepNames = [
  'address',
  'place',
  'clone',
  'configure',
  'record',
  'customize',
  'power_on',
  'watch',
];

/** An operation whose first `done` steps are done, and that is at the next of them while it runs. */
export function operation(done: number, set: object = {}): object {
  return {
    ...stamps,
    id: idOf(90),
    kind: 'create_server',
    state: 'running',
    account,
    server: { id: null, name: 'web-01' },
    parent: null,
    requestedBy: 'ann',
    steps: stepNames.map((name, index) =>
      step(name, index < done ? 'done' : index === done ? 'running' : 'pending'),
    ),
    progress: { done, total: stepNames.length },
    log: [],
    warnings: [],
    error: null,
    left: [],
    result: { servers: [madeServer('web-01', 'running')] },
    cancelRequested: false,
    startedAt: '2026-01-02T03:04:05Z',
    endedAt: null,
    ...set,
  };
}

export function step(name: string, state: string, detail: string | null = null): object {
  const begun = state !== 'pending' && state !== 'skipped';
  return {
    name,
    title: `title of ${name}`,
    state,
    startedAt: begun ? '2026-01-02T03:04:05Z' : null,
    endedAt: begun && state !== 'running' ? '2026-01-02T03:04:17Z' : null,
    detail,
  };
}

export function madeServer(name: string, state: string, set: object = {}): object {
  return {
    server: { id: state === 'succeeded' ? idOf(31) : null, name },
    operation: idOf(90),
    state,
    addresses: [
      {
        ip: '10.1.2.30',
        network: { id: idOf(20), name: 'web' },
        mac: '00:50:56:aa:00:01',
        wire: { id: idOf(10), name: 'front' },
      },
    ],
    ...set,
  };
}

/** An operation that went well. */
export function succeeded(set: object = {}): object {
  return operation(stepNames.length, {
    state: 'succeeded',
    server: { id: idOf(31), name: 'web-01' },
    result: { servers: [madeServer('web-01', 'succeeded')] },
    endedAt: '2026-01-02T03:06:05Z',
    ...set,
  });
}

export function plannedNic(ip: string, set: object = {}): object {
  return {
    network: { id: idOf(20), name: 'web' },
    ip,
    prefixLength: 24,
    gateway: '10.1.2.1',
    ip6: null,
    wire: { id: idOf(10), name: 'front' },
    ...set,
  };
}

export function hostVerdict(name: string, set: object = {}): object {
  return {
    host: { id: idOf(80), name },
    cluster: 'prod',
    fits: true,
    reasons: [],
    wires: [{ id: idOf(10), name: 'front' }],
    datastore: 'nvme',
    freeMemoryMib: 120 * 1024,
    freeCpuMhz: 30_400,
    score: 0.8,
    servers: 0,
    ...set,
  };
}

export function serverPlan(set: object = {}): object {
  return {
    dryRun: true,
    possible: true,
    servers: [{ name: 'web-01', host: 'esx-1', datastore: 'nvme', nics: [plannedNic('10.1.2.30')] }],
    hosts: [hostVerdict('esx-1', { servers: 1 })],
    setup: 'customization',
    problems: [],
    warnings: [],
    ...set,
  };
}

export function changePlan(set: object = {}): object {
  return {
    dryRun: true,
    server: { id: idOf(31), name: 'web-01' },
    nic: plannedNic('10.1.2.31'),
    releases: [],
    restarts: false,
    warnings: [],
    ...set,
  };
}
