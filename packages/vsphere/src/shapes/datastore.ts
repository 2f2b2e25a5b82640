import { boolean, integer, moref, object, required, text, word, type Decoded } from '../shape.ts';

/** `DatastoreSummary`; sizes in bytes. */
export const datastoreSummary = object({
  name: text,
  url: text,
  capacity: required(integer),
  freeSpace: required(integer),
  /** What thin disks may still grow by. */
  uncommitted: integer,
  accessible: required(boolean),
  /** `normal`, `enteringMaintenance`, `inMaintenance`. */
  maintenanceMode: word,
  multipleHostAccess: boolean,
  /** `VMFS`, `NFS`, `vsan`, ... */
  type: word,
});
export type DatastoreSummary = Decoded<typeof datastoreSummary>;

/** `DatastoreHostMount`: a datastore as one host sees it. */
export const datastoreHostMount = object({
  key: required(moref),
  mountInfo: required(
    object({
      /** `readWrite` or `readOnly`. */
      accessMode: word,
      mounted: boolean,
      accessible: boolean,
      inaccessibleReason: word,
    }),
  ),
});
export type DatastoreHostMount = Decoded<typeof datastoreHostMount>;
