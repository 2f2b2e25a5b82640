import { type Family, type IpAddress, parseAddress, prefixHolds, prefixOf } from '../addresses.ts';

/** What a guest shall be. Plain data: it can be kept with an operation (sealed, for it holds a password). Addresses are canonical text. */
export interface GuestSetup {
  /** Names the guest to cloud-init: what has run once for it doesn't run again. Stays the same for the life of the server. */
  readonly instanceId: string;
  /** One label of RFC 1123, in lower case; see `hostNameOf`. */
  readonly hostName: string;
  /** Of the network of the first NIC that has one. */
  readonly domain: string | null;
  /** In device order, which is that of the PCI bus. */
  readonly nics: readonly GuestNic[];
  /** Lines as `readSshKey` gives them. */
  readonly sshKeys: readonly string[];
  /** In clear, for the user that the image is made for: its default user, or Administrator. */
  readonly password: string | null;
  /** The user's own, as `readUserData` accepts it. */
  readonly userData: string | null;
  readonly os: GuestOs;
  /** `config.guestId` of the VM, which says what its template was made as; null where unknown. */
  readonly guestId: string | null;
}

export type GuestOs = 'linux' | 'windows';

export interface GuestNic {
  /** Six lower-case pairs with colons. */
  readonly mac: string;
  /** Empty: plugged in, and left to itself. */
  readonly addresses: readonly GuestAddress[];
  readonly gateway4: string | null;
  /** May be link-local. */
  readonly gateway6: string | null;
  readonly dns: readonly string[];
  readonly searchDomains: readonly string[];
  readonly ntp: readonly string[];
}

export interface GuestAddress {
  readonly ip: string;
  readonly prefixLength: number;
}

/** Why something can't be told to a guest, as a code with its parameters. */
export type GuestRefusal =
  | { readonly code: 'cloud_init_on_windows'; readonly params: Readonly<Record<string, never>> }
  | {
      readonly code: 'guestinfo_too_large';
      readonly params: { readonly bytes: number; readonly max: number };
    }
  | { readonly code: 'customization_ssh_keys'; readonly params: Readonly<Record<string, never>> }
  | { readonly code: 'customization_user_data'; readonly params: Readonly<Record<string, never>> }
  | { readonly code: 'customization_linux_password'; readonly params: Readonly<Record<string, never>> }
  | {
      readonly code: 'customization_several_ipv4';
      /** NICs count from 1. */
      readonly params: { readonly nic: number; readonly count: number };
    }
  | {
      readonly code: 'customization_gateway_off_link';
      readonly params: { readonly nic: number; readonly gateway: string; readonly address: string };
    }
  | UserDataRefusal;

export type UserDataRefusal =
  | { readonly code: 'user_data_kind'; readonly params: Readonly<Record<string, never>> }
  | { readonly code: 'user_data_multipart'; readonly params: Readonly<Record<string, never>> }
  | { readonly code: 'user_data_characters'; readonly params: Readonly<Record<string, never>> }
  | {
      readonly code: 'user_data_too_large';
      readonly params: { readonly bytes: number; readonly max: number };
    };

export type Told<Value, Refusal = GuestRefusal> =
  | { readonly kind: 'told'; readonly value: Value }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** Guests that vCenter knows as Windows have identifiers such as `windows2019srv_64Guest` and `win98Guest`. */
export function osOf(guestId: string): GuestOs {
  return guestId.startsWith('win') ? 'windows' : 'linux';
}

/** Text that is an address by contract. */
export function readIp(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new TypeError('A guest setup holds an address that is none.');
  return address;
}

export function addressesOf(nic: GuestNic, family: Family): readonly GuestAddress[] {
  return nic.addresses.filter(({ ip }) => readIp(ip).family === family);
}

/** Whether one of the NIC's subnets holds the address, so that it is reached without another router. */
export function isOnLink(nic: GuestNic, text: string): boolean {
  const address = readIp(text);
  return nic.addresses.some(({ ip, prefixLength }) =>
    prefixHolds(prefixOf(readIp(ip), prefixLength), address),
  );
}

/**
 * The gateway that each NIC makes the default of a family, in the order of the NICs. It is the first NIC's: two default routes make
 * a guest answer through the wrong one of them. A later NIC gives one only where none before it did, and a NIC without an address of the
 * family never does.
 */
export function defaultGateways(nics: readonly GuestNic[], family: Family): (string | null)[] {
  const gatewayOf = (nic: GuestNic): string | null => (family === 4 ? nic.gateway4 : nic.gateway6);
  const giver = nics.findIndex((nic) => gatewayOf(nic) !== null && addressesOf(nic, family).length > 0);
  return nics.map((nic, index) => (index === giver ? gatewayOf(nic) : null));
}

/** All NICs' values, each once, in order. */
export function unionOf(nics: readonly GuestNic[], of: (nic: GuestNic) => readonly string[]): string[] {
  return [...new Set(nics.flatMap(of))];
}
