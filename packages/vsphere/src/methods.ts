import type { RequestArguments, RequestName } from './request-types.ts';
import { dateTime, list, moref, object, type Decoded } from './shape.ts';
import { physicalNicHintInfo } from './shapes/host-network.ts';
import { serviceContent } from './shapes/service.ts';

/** Replies of the methods that `call` offers, as the elements of the response. */
export const responses = {
  RetrieveServiceContent: object({ returnval: serviceContent }),
  Login: object({}),
  Logout: object({}),
  CurrentTime: object({ returnval: dateTime }),
  CreateContainerView: object({ returnval: moref }),
  DestroyView: object({}),
  CancelRetrievePropertiesEx: object({}),
  QueryNetworkHint: object({ returnval: list(physicalNicHintInfo) }),
} as const satisfies Partial<Record<RequestName, unknown>>;

export type MethodName = keyof typeof responses;
export type MethodArguments<M extends MethodName> = RequestArguments<M>;
/** The elements of the response; what a method returns stands in `returnval`. */
export type MethodResult<M extends MethodName> = Decoded<(typeof responses)[M]>;
