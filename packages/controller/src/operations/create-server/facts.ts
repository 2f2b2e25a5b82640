import type { SetupMethod } from '@wirebook/contract';
import type { NamedPlace } from '../../domain/placement/resolving.ts';
import type { PortGroupBinding } from '../../domain/placement/facts.ts';

/** What is asked for, resolved and without secrets: the operation's input. */
export interface CreateInput {
  readonly name: string;
  readonly source: { readonly id: string; readonly name: string; readonly moref: string };
  readonly nics: readonly CreatedNic[];
  readonly place: NamedPlace;
  /** What it takes where it is placed; the disk in bytes. Others that are placed meanwhile leave room for it. */
  readonly need: { readonly cpus: number; readonly memoryMib: number; readonly disk: number };
  readonly cpus: number | null;
  readonly memoryMib: number | null;
  readonly diskGib: number | null;
  readonly linked: boolean;
  readonly hostName: string | null;
  readonly setup: SetupMethod;
  readonly powerOn: boolean;
  readonly waitSeconds: number;
}

export interface CreatedNic {
  readonly wireId: string | null;
  /** Of one network, or of one and its companion; none where the NIC is only plugged in. */
  readonly addresses: readonly {
    readonly claimId: string;
    readonly ip: string;
    readonly networkId: string;
  }[];
}

/** Where it is made: objects of vCenter by their managed object ids. */
export interface ChosenPlace {
  readonly host: string;
  readonly hostName: string;
  readonly pool: string;
  readonly datastore: string;
  readonly datastoreName: string;
  readonly folder: string;
  readonly nics: readonly {
    readonly wireId: string;
    readonly wireName: string;
    readonly binding: PortGroupBinding;
  }[];
}

/** What the steps find out and make. */
export interface CreateFacts {
  /** Chosen when it was asked for: taken again if it still fits. */
  preferred: { host: string; datastore: string; folder: string };
  place: ChosenPlace;
  /** A clone was asked for; its task, once it has one; the snapshot of a linked one. */
  cloneAsked: boolean;
  cloneTask: string | null;
  /** Another VM had the name: what is found by it is none of ours. */
  nameTaken: boolean;
  vm: string;
  /** MACs of the cards that were cloned: no other server may have one of them. */
  sourceMacs: string[];
  nics: { deviceKey: number; mac: string; label: string }[];
  serverId: string;
  /** vCenter's clock before the guest was told: whatever is reported of it comes later. RFC 3339. */
  toldAt: string;
  /** User data was put where the guest finds it. */
  userDataLaid: boolean;
  /** Ours, RFC 3339: until when the guest is waited for. */
  waitUntil: string;
  /** The guest has shown its addresses. */
  seen: boolean;
}
