import { dateTime, integer, moref, object, required, text, variant, type Decoded } from '../shape.ts';

const anyEvent = {
  key: required(integer),
  /** The same for all events of one operation. */
  chainId: integer,
  createdTime: required(dateTime),
  userName: text,
  /** Empty unless the server formatted it. */
  fullFormattedMessage: text,
  vm: object({ name: text, vm: moref }),
} as const;

const customizationEvent = { ...anyEvent, logLocation: text } as const;
/** `reason` since 7.0. */
const customizationFailed = { ...customizationEvent, reason: text } as const;

/** `Event`. One of another type is `other`, with its type's name and the fields that every event has. */
export const event = variant(
  {
    CustomizationStartedEvent: customizationEvent,
    CustomizationSucceeded: customizationEvent,
    CustomizationFailed: customizationFailed,
    CustomizationLinuxIdentityFailed: customizationFailed,
    CustomizationNetworkSetupFailed: customizationFailed,
    CustomizationSysprepFailed: { ...customizationFailed, sysprepVersion: text, systemVersion: text },
    CustomizationUnknownFailure: customizationFailed,
  },
  anyEvent,
);
export type VsphereEvent = Decoded<typeof event>;
