import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type Time = ColumnType<Date, Date | string, Date | string>;
type GeneratedTime = ColumnType<Date, Date | string | undefined, Date | string>;
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** Written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
type DefaultedJson<T> = ColumnType<T, string | undefined, string>;
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

interface Stamps {
  id: Generated<string>;
  created_at: GeneratedTime;
  updated_at: GeneratedTime;
}

export interface SettingsTable {
  key: string;
  value: JSONColumnType<Record<string, unknown>>;
}
export interface AddressSpacesTable extends Stamps {
  name: string;
}
export interface ApiTokensTable {
  id: Generated<string>;
  name: string;
  hash: Buffer;
  role: 'viewer' | 'operator' | 'administrator';
  user_id: string | null;
  kind: Generated<'api' | 'data_folder'>;
  expires_at: MaybeTime;
  created_at: GeneratedTime;
  updated_at: GeneratedTime;
  revoked_at: MaybeTime;
}
export interface IdempotencyKeysTable {
  key: string;
  actor: string;
  request_hash: Buffer;
  status: number | null;
  response: MaybeJson<unknown>;
  created_at: GeneratedTime;
}
export interface ControllersTable {
  id: Generated<string>;
  lock_key: number;
  worker_ids: ColumnType<string[], string[] | undefined, string[]>;
  host: string;
  pid: number;
  started_at: GeneratedTime;
}
export interface CloudAccountsTable extends Stamps {
  name: string;
  kind: 'vcenter' | 'esxi';
  url: string;
  username: string;
  sealed_password: Buffer;
  trust_sha256: string | null;
  insecure: Generated<boolean>;
  instance_uuid: string;
  version: string;
  space_id: string;
  enabled: Generated<boolean>;
  sync_every: Generated<number>;
  status: ColumnType<AccountStatus, AccountStatus | undefined, AccountStatus>;
  status_detail: MaybeJson<StatusDetail>;
}
export type AccountStatus = 'new' | 'ok' | 'unreachable' | 'refused' | 'untrusted' | 'failed';
/** A problem by code and the values its sentences need; the text follows the reader's language. */
export interface StatusDetail {
  code: string;
  params: Record<string, string | number>;
}
export interface SyncError {
  object: string;
  kind: string;
  code: string;
  params: Record<string, string | number>;
}
export type SyncState = 'running' | 'succeeded' | 'failed' | 'held' | 'cancelled';
export interface SyncRunsTable extends Stamps {
  account_id: string;
  kind: 'full';
  trigger: 'request' | 'schedule' | 'resume';
  dry_run: boolean;
  state: SyncState;
  phase: string;
  done: Generated<number>;
  total: number | null;
  counts: DefaultedJson<Record<string, number>>;
  changes: DefaultedJson<Record<string, unknown>>;
  errors: DefaultedJson<SyncError[]>;
  durations: DefaultedJson<Record<string, number>>;
  failure: MaybeJson<StatusDetail>;
  controller_id: string | null;
  requested_by: string | null;
  cancel_requested: Generated<boolean>;
  started_at: GeneratedTime;
  ended_at: MaybeTime;
}
interface FromVcenter extends Stamps {
  account_id: string;
  digest: string;
  missing_since: MaybeTime;
}
export interface HostsTable extends FromVcenter {
  moref: string;
  name: string;
  management_ip: string | null;
  hardware_uuid: string | null;
  version: string | null;
  state: string;
  maintenance: boolean;
  datacenter: string | null;
  cluster: string | null;
  physical_nics: Json<unknown[]>;
  vmkernel_nics: Json<unknown[]>;
  observed: Json<Record<string, unknown>>;
}
export interface VirtualSwitchesTable extends FromVcenter {
  identity: string;
  kind: 'standard' | 'distributed';
  moref: string | null;
  uuid: string | null;
  name: string;
  mtu: number | null;
  observed: Json<Record<string, unknown>>;
}
export interface VirtualSwitchHostsTable {
  account_id: string;
  switch_id: string;
  host_id: string;
  uplinks: string[];
  uplink_ports: MaybeJson<{ name: string | null; lag: string | null; device: string | null }[]>;
}
export interface VlanValue {
  kind: 'none' | 'id' | 'trunk' | 'private';
  id: number | null;
  ranges: { start: number; end: number }[];
  primaryId: number | null;
}
export interface WiresTable extends FromVcenter {
  space_id: string;
  port_group_id: string;
  moref: string | null;
  name: string;
  kind: 'standard' | 'distributed' | 'nsx';
  purpose: 'vm' | 'vmkernel' | 'uplink';
  datacenter: string | null;
  switch_id: string | null;
  vlan: Json<VlanValue>;
  vlan_id: number | null;
  vlan_disagreement: Generated<boolean>;
  spans_switch: Generated<boolean>;
  security: MaybeJson<Record<string, boolean | null>>;
  teaming: MaybeJson<{ policy: string | null; active: string[]; standby: string[] }>;
  observed: Json<Record<string, unknown>>;
}
export interface WireHostsTable {
  account_id: string;
  wire_id: string;
  host_id: string;
  switch_id: string | null;
  vlan: Json<VlanValue>;
  teaming: MaybeJson<{ policy: string | null; active: string[]; standby: string[] }>;
}
export type ToolsStatus = 'running' | 'not_running' | 'not_installed' | 'unknown';
/** Default routes and name resolution, as `GuestRouting` of a sync has them. */
export interface StoredRouting {
  gateways: { ip: string; device: number | null }[];
  dns: string[];
  domain: string | null;
}
export interface ServersTable extends FromVcenter {
  identity: string;
  moref: string;
  instance_uuid: string | null;
  bios_uuid: string | null;
  name: string;
  host_id: string | null;
  datacenter: string | null;
  cluster: string | null;
  folder: string | null;
  power_state: string;
  connection_state: string;
  readable: boolean;
  template: boolean;
  managed_by: string | null;
  tools_status: ToolsStatus;
  guest_host_name: string | null;
  interface_count: Generated<number>;
  routing: DefaultedJson<StoredRouting>;
  sync_ips: string | null;
}
export interface ServerReportsTable {
  server_id: string;
  account_id: string;
  report: Json<Record<string, unknown>>;
}
export interface NicsTable extends Stamps {
  account_id: string;
  server_id: string;
  device_key: number;
  position: number;
  label: string;
  mac: string | null;
  model: string;
  wire_id: string | null;
  backing: Json<Record<string, unknown>>;
  connected: boolean;
  missing_since: MaybeTime;
}
export interface NicMacHistoryTable {
  nic_id: string;
  mac: string;
  ended_at: Time;
}
export interface SightingsTable {
  id: Generated<string>;
  space_id: string;
  account_id: string;
  server_id: string;
  nic_id: string | null;
  ip: string;
  prefix_length: number | null;
  interface: string;
  origin: string | null;
  state: string | null;
  candidate: boolean;
  first_seen_at: Time;
  last_seen_at: MaybeTime;
  ended_at: MaybeTime;
}
export type AllocationPolicy = 'stepup' | 'stepdown' | 'random';
export interface NetworksTable extends Stamps {
  space_id: string;
  name: string;
  family: 4 | 6;
  /** `[start,end]` */
  span: string;
  cidr: string;
  /** `{[start,end],...}` */
  giving: string;
  gateway: string | null;
  dns: ColumnType<string[], string[] | undefined, string[]>;
  domain: string | null;
  ntp: ColumnType<string[], string[] | undefined, string[]>;
  allocation_policy: AllocationPolicy;
  resting_seconds: Generated<number>;
  description: Generated<string>;
  tags: DefaultedJson<Record<string, string>>;
  companion_id: string | null;
  proposal_id: string | null;
}
export type WireOrigin = 'primary' | 'declared' | 'detected' | 'suggested' | 'excluded';
export interface NetworkWiresTable {
  space_id: string;
  network_id: string;
  wire_id: string;
  origin: WireOrigin;
  /** The first of those who use the network's addresses there. */
  evidence: DefaultedJson<{ serverId: string; nicId: string; ip: string; gateway?: string }[]>;
  /** How many uses there are, listed or not. */
  evidence_count: Generated<number>;
  /** What is worth knowing beside the evidence: another VLAN. */
  note: MaybeJson<StatusDetail>;
  contradiction: MaybeJson<StatusDetail[]>;
  created_at: GeneratedTime;
}
export type ClaimSource = 'tools' | 'manual' | 'allocated';
export interface ClaimsTable extends Stamps {
  space_id: string;
  ip: string;
  network_id: string | null;
  account_id: string | null;
  server_id: string | null;
  nic_id: string | null;
  mac: string | null;
  source: ClaimSource;
  shared: Generated<boolean>;
  key: string | null;
  holder: MaybeJson<Record<string, string>>;
  network_name: string | null;
  server_name: string | null;
  absent_since_run: string | null;
  expires_at: MaybeTime;
  contradicted_by: ColumnType<string[], string[] | undefined, string[]>;
  started_at: Time;
  ended_at: MaybeTime;
  end_reason: string | null;
}
export interface NicReasonsTable {
  nic_id: string;
  account_id: string;
  space_id: string;
  position: number;
  code: string;
  ip: string | null;
  network_id: string | null;
  wire_id: string | null;
  server_id: string | null;
}
export interface ConflictsTable extends Stamps {
  space_id: string;
  ip: string;
  kind: 'duplicate' | 'moving';
  claim_id: string;
  nic_id: string;
  started_at: Time;
  ended_at: MaybeTime;
  resolution: 'keep' | 'give' | 'share' | null;
  resolved_at: MaybeTime;
  resolved_by: string | null;
}
export interface ReservationsTable extends Stamps {
  space_id: string;
  network_id: string;
  kind: 'reserved' | 'dhcp';
  /** `[start,end]` */
  span: string;
  note: Generated<string>;
  expires_at: MaybeTime;
}
export interface SharedAddressesTable {
  space_id: string;
  ip: string;
  created_at: GeneratedTime;
}
export interface KnownAddressesTable {
  owner_id: string;
  space_id: string;
  kind: 'gateway' | 'network' | 'broadcast' | 'dns' | 'vmkernel' | 'guest_gateway' | 'guest_dns';
  ip: string;
  object_id: string | null;
  object_name: Generated<string>;
}
export interface FreedAddressesTable {
  space_id: string;
  ip: string;
  freed_at: Time;
  network_id: string | null;
}
export interface NetworkFrontiersTable {
  network_id: string;
  reached: string | null;
  begun: Generated<number>;
}
export interface EventsTable {
  id: Generated<string>;
  at: GeneratedTime;
  actor: string;
  action: string;
  object_kind: string;
  object_id: string | null;
  object_name: string | null;
  before: MaybeJson<unknown>;
  after: MaybeJson<unknown>;
}

export interface Tables {
  settings: SettingsTable;
  address_spaces: AddressSpacesTable;
  api_tokens: ApiTokensTable;
  idempotency_keys: IdempotencyKeysTable;
  controllers: ControllersTable;
  cloud_accounts: CloudAccountsTable;
  sync_runs: SyncRunsTable;
  hosts: HostsTable;
  virtual_switches: VirtualSwitchesTable;
  virtual_switch_hosts: VirtualSwitchHostsTable;
  wires: WiresTable;
  wire_hosts: WireHostsTable;
  servers: ServersTable;
  server_reports: ServerReportsTable;
  nics: NicsTable;
  nic_mac_history: NicMacHistoryTable;
  sightings: SightingsTable;
  networks: NetworksTable;
  network_wires: NetworkWiresTable;
  claims: ClaimsTable;
  nic_reasons: NicReasonsTable;
  conflicts: ConflictsTable;
  reservations: ReservationsTable;
  shared_addresses: SharedAddressesTable;
  known_addresses: KnownAddressesTable;
  freed_addresses: FreedAddressesTable;
  network_frontiers: NetworkFrontiersTable;
  events: EventsTable;
}
