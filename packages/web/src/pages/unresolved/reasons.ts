import type { Schemas } from '../../api.ts';

export type ReasonCode = Schemas['Reason']['code'];
export type Summary = Schemas['NicSummary'];

/** These have no address to record for the time being: nobody needs to do anything about them. */
const quiet: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['powered_off', 'template']);
/** What the controller can mend for many at once, without a decision of a person. */
const mendable: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['other_wire', 'outside_range']);

export function isQuiet(code: ReasonCode): boolean {
  return quiet.has(code);
}

export function isMendable(code: ReasonCode): boolean {
  return mendable.has(code);
}

/** How many of the NICs without a record need a person, and how many don't. */
export function splitUnresolved(summary: Summary): { person: number; nothing: number } {
  const nothing = summary.reasons
    .filter(({ code }) => isQuiet(code))
    .reduce((sum, { nics }) => sum + nics, 0);
  return { person: summary.unresolved - nothing, nothing };
}

/** The reason in the address, if it is one. */
export function reasonOf(text: string | undefined): ReasonCode | undefined {
  return known.find((code) => code === text);
}

const known: readonly ReasonCode[] = [
  'powered_off',
  'template',
  'tools_not_installed',
  'tools_not_running',
  'tools_no_address',
  'no_network',
  'other_wire',
  'outside_range',
  'taken',
  'disconnected',
  'no_wire',
  'vm_unreadable',
];
