import { moref, object, required, text, type Decoded } from '../shape.ts';

/** `AboutInfo`. `apiType` is `VirtualCenter` or `HostAgent` (a standalone ESXi, which has no `instanceUuid`). */
export const about = object({
  name: required(text),
  fullName: required(text),
  version: required(text),
  build: required(text),
  apiType: required(text),
  apiVersion: required(text),
  productLineId: text,
  osType: text,
  instanceUuid: text,
});
export type About = Decoded<typeof about>;

/** `ServiceContent`: the singletons that this client has a use for. */
export const serviceContent = object({
  rootFolder: required(moref),
  propertyCollector: required(moref),
  viewManager: required(moref),
  sessionManager: required(moref),
  about: required(about),
  customFieldsManager: moref,
  dvSwitchManager: moref,
  eventManager: moref,
  searchIndex: moref,
  taskManager: moref,
});
export type ServiceContent = Decoded<typeof serviceContent>;
