/** A managed object reference: the type of a managed object and its id, unique within one server. */
export interface MoRef {
  /** Most derived type, e.g. `DistributedVirtualPortgroup`. */
  type: string;
  /** e.g. `vm-1017`; on a standalone ESXi also such as `HaNetwork-VM Network`. */
  value: string;
}
