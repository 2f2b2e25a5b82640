/** Words for the states and kinds that objects have, each as a tag or a cell says it. */
export const states = {
  /** An address, in its network. */
  address: {
    used: 'used',
    held: 'held',
    reserved: 'reserved',
    dhcp: 'DHCP range',
    gateway: 'gateway',
    resting: 'resting',
    seen: 'seen',
    conflict: 'conflict',
    free: 'free',
    not_given: 'not given',
    outside: 'in no network',
  },
  /** Where a claim comes from. */
  source: { tools: 'reported by Tools', manual: 'by hand', allocated: 'allocated' },
  /** Why a NIC has no record. */
  reason: {
    powered_off: 'powered off',
    template: 'a template',
    tools_not_installed: 'Tools not installed',
    tools_not_running: 'Tools not running',
    tools_no_address: 'Tools report no address',
    no_network: 'no network holds it',
    other_wire: 'network on another wire',
    outside_range: 'outside the range',
    taken: 'address taken',
    disconnected: 'not connected',
    no_wire: 'port group gone or hidden',
    vm_unreadable: 'not readable',
  },
  power: { poweredOn: 'running', poweredOff: 'powered off', suspended: 'suspended', unknown: 'unknown' },
  tools: {
    running: 'Tools running',
    not_running: 'Tools not running',
    not_installed: 'Tools not installed',
    unknown: 'Tools unknown',
  },
  /** How vCenter is connected to a host. */
  host: { connected: 'connected', disconnected: 'disconnected', notResponding: 'not responding' },
} as const;
