import type { PortGroupBinding } from '../../domain/placement/facts.ts';
import type { StepRun } from '../step.ts';

/** What a change of a server is asked for with: the operation's input. */
export interface ChangeInput {
  readonly server: { readonly id: string; readonly name: string; readonly moref: string };
  /** The NIC concerned; null for one that is to be. */
  readonly nic: {
    readonly id: string;
    readonly deviceKey: number;
    readonly label: string;
    readonly mac: string | null;
  } | null;
  /** Where the NIC is plugged in: null where that stays as it is. */
  readonly bound: {
    readonly wireId: string;
    readonly wireName: string;
    readonly binding: PortGroupBinding;
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
  }[];
  readonly restart: boolean;
  readonly powerOff: boolean;
  readonly waitSeconds: number;
}

export interface ChangeFacts {
  /** The device keys of the cards that were there before. */
  cardsBefore: number[];
  /** The card concerned. */
  card: { deviceKey: number; mac: string; label: string };
  /** How the card was plugged in, to plug it in there again. */
  before: {
    backing: PortGroupBinding | null;
    model: string;
    mac: string | null;
    addressType: string | null;
  };
  /** It ran when we came. */
  wasRunning: boolean;
  /** It was stopped by us. */
  stopped: boolean;
  destroyed: boolean;
  /** The guest is being told, or was. */
  telling: boolean;
  told: boolean;
  toldAt: string;
  method: 'customization' | 'cloud_init';
  waitUntil: string;
  seen: boolean;
}

export type ChangeRun = StepRun<ChangeFacts>;

/** The operation's own input: it was written by the desk, in this shape. */
export function inputOf(run: { operation: { input: unknown } }): ChangeInput {
  return run.operation.input as ChangeInput;
}
