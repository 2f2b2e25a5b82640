import { cleanText } from '../clean-text.ts';
import type { VsphereFault } from '../errors.ts';
import { integer, list, moref, object, text, typedObject, word, type Decoded } from '../shape.ts';

/** Fields of faults that a reader can act on, whatever the fault's type. */
const faultFields = {
  privilegeId: text,
  object: moref,
  obj: moref,
  name: text,
  property: text,
  invalidProperty: text,
  deviceIndex: integer,
  existingState: word,
  file: text,
  task: moref,
  numberOfNicsInSpec: integer,
  numberOfNicsInVM: integer,
  requested: integer,
  unreserved: integer,
  faultMessage: list(object({ message: text })),
} as const;

const cause = object({ fault: typedObject({}), localizedMessage: text });

/** `MethodFault` of whatever type. */
export const methodFault = typedObject({ ...faultFields, faultCause: cause });
export type MethodFault = Decoded<typeof methodFault>;

/** `LocalizedMethodFault`: a fault as the value of a property or in a result. */
export const localizedFault = object({ fault: methodFault, localizedMessage: text });
export type LocalizedFault = Decoded<typeof localizedFault>;

/** Sentences of `faultMessage` that are kept. */
const maximumDetails = 5;

/** A fault for the reader: cleaned, bounded, and without the fields that only a program of the server's has a use for. */
export function toFault(faultType: string, message: string, detail: Partial<MethodFault>): VsphereFault {
  const { obj, object: subject, privilegeId, name, file, task, faultCause } = detail;
  const about = obj ?? subject;
  const property = detail.invalidProperty ?? detail.property;
  const details = (detail.faultMessage ?? [])
    .map(({ message: sentence }) => cleanText(sentence ?? '', 300))
    .filter((sentence) => sentence !== '')
    .slice(0, maximumDetails);
  const causeType = faultCause?.fault?.$type ?? '';
  return {
    faultType: cleanText(faultType, 100),
    faultString: cleanText(message, 500),
    ...(privilegeId === undefined ? {} : { privilegeId: cleanText(privilegeId, 100) }),
    ...(about === undefined || about.type === '' ? {} : { object: about }),
    ...(name === undefined ? {} : { name: cleanText(name, 200) }),
    ...(property === undefined ? {} : { property: cleanText(property, 200) }),
    ...(detail.deviceIndex === undefined ? {} : { deviceIndex: detail.deviceIndex }),
    ...(detail.existingState === undefined ? {} : { existingState: cleanText(detail.existingState, 50) }),
    ...(file === undefined ? {} : { file: cleanText(file, 300) }),
    ...(task === undefined || task.type === '' ? {} : { task }),
    ...(detail.numberOfNicsInSpec === undefined ? {} : { nicsInSpec: detail.numberOfNicsInSpec }),
    ...(detail.numberOfNicsInVM === undefined ? {} : { nicsInVm: detail.numberOfNicsInVM }),
    ...(detail.requested === undefined ? {} : { requested: detail.requested }),
    ...(detail.unreserved === undefined ? {} : { unreserved: detail.unreserved }),
    ...(details.length === 0 ? {} : { details }),
    ...(causeType === ''
      ? {}
      : {
          cause: {
            faultType: cleanText(causeType, 100),
            faultString: cleanText(faultCause?.localizedMessage ?? '', 300),
          },
        }),
  };
}

/** The fault that a property or a result holds. */
export function faultOfLocalized({ fault, localizedMessage }: LocalizedFault): VsphereFault {
  const faultType = fault === undefined || fault.$type === '' ? 'MethodFault' : fault.$type;
  return toFault(faultType, localizedMessage ?? '', fault ?? {});
}
