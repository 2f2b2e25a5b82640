import type { DeclaredWire, ImportDeclarationsInput } from '@wirebook/contract';
import type { Tx } from '../../store/database.ts';
import type { AccountPlace, WirePlace } from '../../store/declarations/places.ts';
import type { Actor } from '../actor.ts';
import type { DeclarationReport } from './report.ts';
import { quoted } from '../problem.ts';

/** An import under way: what it works in, and what it has come to. */
export interface DeclarationImport {
  readonly tx: Tx;
  readonly document: ImportDeclarationsInput;
  readonly actor: Actor;
  readonly now: Date;
  readonly report: DeclarationReport;
  /** Servers to be matched in the end, besides those around the networks that changed. */
  readonly serverIds: Set<string>;
}

/** The spaces, accounts and wires of a document, as they are found here. All of them are held. */
export interface Places {
  readonly space: (name: string) => { id: string; name: string } | undefined;
  readonly spaceIds: readonly string[];
  readonly account: (instanceUuid: string) => AccountPlace | undefined;
  /** Complains, once for each account, that it was not added here. */
  readonly lackAccount: (field: string, instanceUuid: string) => void;
  /** The wire that is meant; null with the complaint made. */
  readonly wire: (named: DeclaredWire, field: string) => WirePlace | null;
}

/** Complains that nobody knows a space of this name. */
export function lackSpace(report: DeclarationReport, field: string, space: string): void {
  report.complain({
    field,
    value: space,
    code: 'declared_no_space',
    params: { space, quoted: quoted(space) },
  });
}
