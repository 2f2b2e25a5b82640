import type { RequestArguments, RequestName } from './request-values.ts';
import { dateTime, list, moref, object, required, type Decoded } from './shape.ts';
import { event } from './shapes/event.ts';
import { physicalNicHintInfo } from './shapes/host-network.ts';
import { placementResult } from './shapes/placement.ts';
import { serviceContent } from './shapes/service.ts';

/** The reply of a method that starts a task: its reference. */
const task = object({ returnval: required(moref) });
const nothing = object({});
/** What was looked for, if it was found. */
const found = object({ returnval: moref });

/** Replies of the methods that `call` offers, as the elements of the response. */
export const responses = {
  RetrieveServiceContent: object({ returnval: serviceContent }),
  Login: nothing,
  Logout: nothing,
  CurrentTime: object({ returnval: dateTime }),
  CreateContainerView: object({ returnval: moref }),
  DestroyView: nothing,
  CancelRetrievePropertiesEx: nothing,
  QueryNetworkHint: object({ returnval: list(physicalNicHintInfo) }),
  CloneVM_Task: task,
  ReconfigVM_Task: task,
  CustomizeVM_Task: task,
  PowerOnVM_Task: task,
  PowerOffVM_Task: task,
  ShutdownGuest: nothing,
  Destroy_Task: task,
  UnregisterVM: nothing,
  CreateSnapshot_Task: task,
  RemoveSnapshot_Task: task,
  CancelTask: nothing,
  PlaceVm: object({ returnval: required(placementResult) }),
  QueryEvents: object({ returnval: list(event) }),
  FindByInventoryPath: found,
  FindByUuid: found,
  FindChild: found,
} as const satisfies Partial<Record<RequestName, unknown>>;

export type MethodName = keyof typeof responses;
export type MethodArguments<M extends MethodName> = RequestArguments<M>;
/** The elements of the response; what a method returns stands in `returnval`. */
export type MethodResult<M extends MethodName> = Decoded<(typeof responses)[M]>;
