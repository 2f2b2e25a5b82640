import { boolean, integer, object, required, typedObject, word, type Decoded } from '../shape.ts';

/** `HostHardwareSummary`. */
export const hostHardwareSummary = object({
  vendor: word,
  model: word,
  cpuModel: word,
  /** Of one core. */
  cpuMhz: required(integer),
  numCpuCores: required(integer),
  numCpuThreads: required(integer),
  /** Bytes. */
  memorySize: required(integer),
});
export type HostHardwareSummary = Decoded<typeof hostHardwareSummary>;

/** `HostListSummaryQuickStats`: unset on a host that does not respond. */
export const hostQuickStats = object({
  /** MHz. */
  overallCpuUsage: integer,
  /** MiB. */
  overallMemoryUsage: integer,
  /** Seconds. */
  uptime: integer,
});
export type HostQuickStats = Decoded<typeof hostQuickStats>;

/** `ComputeResourceSummary`; `totalMemory` in bytes, `effectiveMemory` in MiB, CPU in MHz. */
export const computeResourceSummary = object({
  totalCpu: integer,
  totalMemory: integer,
  effectiveCpu: integer,
  effectiveMemory: integer,
  numHosts: integer,
  numEffectiveHosts: integer,
});
export type ComputeResourceSummary = Decoded<typeof computeResourceSummary>;

/** `ClusterDrsConfigInfo`. */
export const clusterDrsConfig = object({
  enabled: boolean,
  /** `manual`, `partiallyAutomated`, `fullyAutomated`. */
  defaultVmBehavior: word,
});
export type ClusterDrsConfig = Decoded<typeof clusterDrsConfig>;

/** `ComputeResourceConfigInfo`; of a cluster a `ClusterConfigInfoEx`, which alone has these fields. */
export const computeResourceConfig = typedObject({ drsConfig: clusterDrsConfig });
export type ComputeResourceConfig = Decoded<typeof computeResourceConfig>;
