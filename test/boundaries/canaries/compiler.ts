// Each line below the name of a compiler error must raise it; the option named keeps watch.

// TS7006 strict
export const implicit = (value) => String(value);
// TS2531 strict
export const length = (null as string | null).length;
// TS2322 noUncheckedIndexedAccess
export const first: number = [1, 2][0];
interface Named {
  name?: string;
}
// TS2375 exactOptionalPropertyTypes
export const unnamed: Named = { name: undefined };
// TS1294 erasableSyntaxOnly
export enum Kind {}
// TS7030 noImplicitReturns
export function sometimes(value: number): number | undefined {
  if (value > 1) return value;
}
export function fall(value: number): number {
  switch (value) {
    // TS7029 noFallthroughCasesInSwitch
    case 1:
      value += 1;
    case 2:
      return value;
  }
  return 0;
}
class Base {
  act(): void {}
}
export class Derived extends Base {
  // TS4114 noImplicitOverride
  act(): void {}
}
// TS6133 noUnusedLocals
const unused = 1;
// TS6133 noUnusedParameters
export function ignore(unread: number): void {}
// TS1484 verbatimModuleSyntax
import { PathLike } from 'node:fs';
export type Copy = PathLike;
