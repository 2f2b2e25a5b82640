/** An address is said to go to and fro when it has changed hands this often between the same two, without a third. */
const CHANGES = 3;
/** Hours within which the changes count. */
export const MOVING_WITHIN_HOURS = 24;

/**
 * The other one of the two between whom an address goes to and fro; null where it doesn't. `before`: who had it before `holder`, the
 * oldest first. Who had it twice running lost it to nobody in between.
 */
export function findRival(holder: string, before: readonly string[]): string | null {
  let current = holder;
  let rival: string | null = null;
  let changes = 0;
  for (const former of before.toReversed()) {
    if (former === current) continue;
    rival ??= former;
    if (former !== holder && former !== rival) break;
    changes += 1;
    current = former;
  }
  return changes >= CHANGES ? rival : null;
}
