import type { Plugged } from '@wirebook/vsphere';
import type { PortGroupBinding } from '../../domain/placement/facts.ts';
import type { StepRun } from '../step.ts';

/** What a change of a server is asked for with: the operation's input. */
export interface ChangeInput {
  readonly server: {
    readonly id: string;
    readonly name: string;
    readonly moref: string;
    /** Null where vCenter gave none. */
    readonly instanceUuid: string | null;
  };
  /** The NIC concerned; null for one that is to be. */
  readonly nic: {
    readonly id: string;
    readonly deviceKey: number;
    readonly label: string;
    readonly mac: string | null;
  } | null;
  /** Where the NIC has to be plugged in; null where nothing is asked of that. */
  readonly bound: {
    readonly wireId: string;
    readonly wireName: string;
    readonly binding: PortGroupBinding;
    /** The managed object id of the host for which that was looked up. */
    readonly host: string | null;
  } | null;
  /** Taken for the NIC. */
  readonly addresses: readonly {
    readonly claimId: string;
    readonly ip: string;
    readonly networkId: string;
  }[];
  /** Held by the NIC until then, and not any more. */
  readonly former: readonly {
    readonly claimId: string;
    readonly ip: string;
    readonly networkId: string;
    readonly source: string;
    /** A DHCP server gave it, and will again. */
    readonly leased: boolean;
  }[];
  readonly restart: boolean;
  readonly powerOff: boolean;
  readonly waitSeconds: number;
}

/** A card as it was, to make it so again. */
export interface CardBefore {
  /** Null where it wasn't plugged into anything that could be named again. */
  readonly backing: PortGroupBinding | null;
  readonly model: string;
  readonly deviceKey: number;
  readonly mac: string | null;
  readonly addressType: string | null;
  readonly place: { readonly controllerKey: number; readonly unitNumber: number } | null;
  readonly plugged: Plugged | null;
}

export interface ChangeFacts {
  /** The cards that were there before another was added: their MACs, or keys. */
  cardsBefore: readonly string[];
  /** The card concerned. */
  card: { deviceKey: number; mac: string; label: string };
  before: CardBefore;
  /** Where it was found, read back after it was plugged in. */
  landed: PortGroupBinding | null;
  /** What it had was kept for it beside it, since it left the networks' wires and the guest may still use that. */
  kept: boolean;
  /** It ran when we came. */
  wasRunning: boolean;
  /** It is, or was, stopped by us, and has to run again. */
  stopped: boolean;
  /** Its guest is, or was, asked to shut down, and wasn't seen powered off since: that can't be called back. */
  shuttingDown: boolean;
  /** Its destruction is, or was, asked for. */
  destroying: boolean;
  /** That was found out when it was to be taken back. */
  destroyed: boolean;
  /** How the guest is being told, or was, and what lay in guestinfo before where that is written, as `extraConfig` has it. */
  method: 'customization' | 'cloud_init';
  telling: boolean;
  formerGuestinfo: readonly { readonly key: string; readonly value: string }[];
  /** vCenter's clock before that. RFC 3339. */
  toldAt: string;
  /** vCenter, or what it would have to be told, doesn't allow it. */
  untellable: boolean;
  /** It was told, and is being started with that. */
  starting: boolean;
  /** Whether it has what it was told, or will when it starts. */
  told: boolean;
  /** What it was told was taken back. */
  retold: boolean;
  waitUntil: string;
  seen: boolean;
}

export type ChangeRun = StepRun<ChangeFacts>;

/** The operation's own input: it was written by the desk, in this shape. */
export function inputOf(run: { operation: { input: unknown } }): ChangeInput {
  return run.operation.input as ChangeInput;
}
