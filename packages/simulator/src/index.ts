export { buildSimulator, isSimulatorBuilt } from './build.ts';
export type * from './behaviour.ts';
export type { Control, SimulatorStatistics } from './control.ts';
export type { ListedNic, ListedVm } from './vm-list.ts';
export type * from './estate.ts';
export {
  generatedAddress,
  generatedGateway,
  generatedPortGroup,
  generateEstate,
  type GenerateOptions,
} from './estates/generated.ts';
export { demoEstate } from './estates/demo/estate.ts';
export { secondVcenterEstate } from './estates/second-vcenter.ts';
export { smallEstate } from './estates/small.ts';
export { standaloneEsxiEstate } from './estates/standalone-esxi.ts';
export { address, macOf, makeHost, makeMachine, switchUuidOf, uuidOf } from './estates/parts.ts';
export { hostState } from './host-state.ts';
export { goToolchain, type GoToolchain, GoUnusable } from './go-toolchain.ts';
export type { GuestControl } from './guest-control.ts';
export type { Morefs, PortGroupMoref, Within } from './inventory/morefs.ts';
export { writeInventory } from './inventory/write.ts';
export { startSimulator, type Certificate, type Simulator, type StartOptions } from './simulator.ts';
export {
  reference,
  referenceList,
  referenceProperty,
  stringProperty,
  type Moref,
  type ObjectContent,
  type VimObject,
  type VimProperty,
  type VimValue,
} from './vim-xml.ts';
export { startCuttingProxy, type CuttingProxy, type RecordedRequest, type When } from './proxy.ts';
export type { Behaviour } from './proxy-delivery.ts';
export { runReferenceReader, type ReadPass, type ReadReport } from './reference-reader.ts';
