import type { CallOptions, VsphereClient } from './client-types.ts';
import { VsphereError } from './errors.ts';
import { problemOfFault } from './failures.ts';
import type { ManagedObject, ManagedType, PathOf } from './managed-types.ts';
import type { MoRef } from './moref.ts';

/**
 * Properties of one object; null when it has gone. Whatever the server refuses of them, and a host that does not answer
 * for it, is thrown: a property without a value is one that is unset.
 */
export async function readOne<T extends ManagedType, P extends PathOf<T>>(
  client: Pick<VsphereClient, 'readRefs'>,
  options: { ref: MoRef; type: T; properties: readonly P[] } & CallOptions,
): Promise<ManagedObject<T, P>['props'] | null> {
  const { ref, type, properties, signal } = options;
  const call = signal === undefined ? {} : { signal };
  for await (const page of client.readRefs({ refs: [ref], type, properties, ...call })) {
    const [unanswered] = page.unanswered;
    if (unanswered !== undefined) {
      throw new VsphereError(problemOfFault(unanswered.fault));
    }
    const [object] = page.objects;
    const [refused] = object?.missing ?? [];
    if (refused !== undefined) {
      const fault = {
        faultType: refused.fault,
        faultString: `The property ${refused.path} was refused.`,
        object: ref,
        ...(refused.privilege === undefined ? {} : { privilegeId: refused.privilege }),
      };
      throw new VsphereError(problemOfFault(fault));
    }
    if (object !== undefined) {
      return object.props;
    }
  }
  return null;
}
