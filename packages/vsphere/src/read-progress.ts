import type { VsphereFault } from './errors.ts';
import { managedTypes, type ManagedType } from './managed-types.ts';
import type { MoRef } from './moref.ts';
import type { ReadObject } from './object-content.ts';
import { SessionExpired } from './session.ts';
import type { Shape } from './shape.ts';

/** A page as the server gave it, its values not yet typed. */
export interface RawPage {
  objects: ReadObject[];
  vanished: MoRef[];
  unanswered: { ref: MoRef; fault: VsphereFault }[];
  bytes: number;
}

/** What a read has got so far; it outlives a restart. */
export interface Progress {
  /** Ids delivered, so that nothing comes twice. */
  readonly delivered: Set<string>;
  readonly dropped: string[];
  /** Whether the session did anything since it was last renewed. */
  advanced: boolean;
  /** Bytes read that no page has told yet. */
  bytes: number;
}

export function newProgress(): Progress {
  return { delivered: new Set(), dropped: [], advanced: true, bytes: 0 };
}

/** Faults that mean that a host did not answer, not that the question was wrong. */
export const silentHostFaults: ReadonlySet<string> = new Set([
  'HostCommunication',
  'HostNotConnected',
  'HostNotReachable',
]);

export const continueRemedy =
  'Some versions of vCenter (7.0.3.2 to 8.0.2) let an account read further pages only if it has a role on the root' +
  ' folder: give it the role Read-only there; without propagation is enough.';

export function throwIfExpired(objects: readonly ReadObject[], generation: number): void {
  for (const { missing, ref } of objects) {
    if (missing.some(({ fault }) => fault === 'NotAuthenticated')) {
      const faultString = 'The properties were refused for want of a session.';
      throw new SessionExpired(generation, { faultType: 'NotAuthenticated', faultString, object: ref });
    }
  }
}

/** The shapes of the paths that are still asked for. */
export function shapesOf(type: ManagedType, paths: readonly string[]): ReadonlyMap<string, Shape<unknown>> {
  const known = new Map<string, Shape<unknown>>(Object.entries(managedTypes[type]));
  const shapes = new Map<string, Shape<unknown>>();
  for (const path of paths) {
    const shape = known.get(path);
    if (shape === undefined) {
      throw new TypeError(`${type} has no property ${path} here.`);
    }
    shapes.set(path, shape);
  }
  return shapes;
}

/** Takes the property that an InvalidProperty fault names out of a read. False when it names none of them. */
export function dropProperty(fault: VsphereFault, paths: Set<string>, progress: Progress): boolean {
  const named = fault.name;
  if (fault.faultType !== 'InvalidProperty' || named === undefined) {
    return false;
  }
  let found = false;
  for (const path of paths) {
    // The fault may name the part of the path that is unknown from the beginning on.
    if (path === named || path.startsWith(`${named}.`)) {
      paths.delete(path);
      progress.dropped.push(path);
      found = true;
    }
  }
  return found;
}
