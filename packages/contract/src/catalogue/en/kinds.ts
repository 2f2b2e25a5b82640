/** What an object is, as a sentence names it. */
export const kinds = {
  address: 'address',
  address_space: 'address space',
  claim: 'claim',
  cloud_account: 'account',
  conflict: 'conflict',
  host: 'host',
  proposal: 'proposal',
  network: 'network',
  nic: 'NIC',
  path: 'path',
  problem: 'problem',
  reservation: 'reservation',
  server: 'server',
  sync_run: 'sync run',
  virtual_switch: 'virtual switch',
  wire: 'wire',
} as const;
