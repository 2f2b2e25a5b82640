import {
  booleanMember,
  listMember,
  numberMember,
  objectMember,
  optionalMember,
  stringMember,
  stringsMember,
  type JsonObject,
} from './json.ts';
import type { Moref } from './vim-xml.ts';

/** A VM as the simulator has it, for tests that compare it with what a client believes. */
export interface ListedVm {
  ref: Moref;
  /** As vCenter keeps it: `/`, `\` and `%` are escaped. */
  name: string;
  /** The host's name. */
  host: string;
  folder: Moref;
  /** Templates have none. */
  pool?: Moref;
  /** Names. */
  datastores: string[];
  powerState: string;
  template: boolean;
  /** Made by CloneVM_Task, not part of the estate. */
  made: boolean;
  cpus: number;
  /** Mebibytes. */
  memory: number;
  /** Kibibytes of each disk. */
  disks: number[];
  /** All of `config.extraConfig` whose value is a text. */
  extraConfig: Record<string, string>;
  toolsRun: boolean;
  nics: ListedNic[];
}

export interface ListedNic {
  /** Device key. */
  key: number;
  label: string;
  /** Lower case. */
  mac: string;
  connected: boolean;
  kind: string;
  /** The network object that the card is plugged into; absent if it is gone. */
  network?: Moref;
  networkName: string;
  /** Of a distributed port group; else empty. */
  portKey: string;
  /** What guest.net says of the card. */
  addresses: string[];
}

export function parseVmList(text: string): ListedVm[] {
  return listMember({ list: JSON.parse(text) }, 'list').map(parseVm);
}

function parseVm(vm: JsonObject): ListedVm {
  const extraConfig = objectMember(vm, 'extraConfig');
  const pool = optionalMember(vm, 'pool');
  return {
    ref: parseMoref(objectMember(vm, 'ref')),
    name: stringMember(vm, 'name'),
    host: stringMember(vm, 'host'),
    folder: parseMoref(objectMember(vm, 'folder')),
    ...(pool === undefined ? {} : { pool: parseMoref(pool) }),
    datastores: stringsMember(vm, 'datastores'),
    powerState: stringMember(vm, 'powerState'),
    template: booleanMember(vm, 'template'),
    made: booleanMember(vm, 'made'),
    cpus: numberMember(vm, 'cpus'),
    memory: numberMember(vm, 'memoryMB'),
    disks: listMember(vm, 'disks').map((disk) => numberMember(disk, 'capacityKB')),
    extraConfig: Object.fromEntries(
      Object.keys(extraConfig).map((key) => [key, stringMember(extraConfig, key)]),
    ),
    toolsRun: booleanMember(vm, 'toolsRun'),
    nics: listMember(vm, 'nics').map(parseNic),
  };
}

function parseNic(nic: JsonObject): ListedNic {
  const network = optionalMember(nic, 'network');
  return {
    key: numberMember(nic, 'key'),
    label: stringMember(nic, 'label'),
    mac: stringMember(nic, 'mac'),
    connected: booleanMember(nic, 'connected'),
    kind: stringMember(nic, 'kind'),
    ...(network === undefined ? {} : { network: parseMoref(network) }),
    networkName: stringMember(nic, 'networkName'),
    portKey: stringMember(nic, 'portKey'),
    addresses: stringsMember(nic, 'addresses'),
  };
}

function parseMoref(moref: JsonObject): Moref {
  return { type: stringMember(moref, 'type'), value: stringMember(moref, 'value') };
}
