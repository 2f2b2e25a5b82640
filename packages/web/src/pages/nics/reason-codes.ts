import type { Schemas } from '../../api.ts';

export type ReasonCode = Schemas['Reason']['code'];

/** All that can keep a NIC from having a record: what takes a person first, what takes nobody last. */
export const reasonCodes = [
  'no_network',
  'other_wire',
  'outside_range',
  'taken',
  'tools_not_installed',
  'tools_not_running',
  'tools_no_address',
  'disconnected',
  'no_wire',
  'vm_unreadable',
  'powered_off',
  'template',
] as const satisfies readonly ReasonCode[];
