import {
  type DeclarationKind,
  declarationKinds,
  type DeclarationTally,
  type ImportedDeclarations,
} from '@wirebook/contract';
import { type FieldError, Problem } from '../problem.ts';

const ITEMS_SHOWN = 500;
const NOTES_SHOWN = 1000;
const ERRORS_SHOWN = 1000;

/** What an import of declarations came to so far: what was done, what was left out, and what refuses it. */
export interface DeclarationReport {
  /** Refuses the whole import. */
  complain(error: FieldError): void;
  /** The refusals of a function that throws them; `fieldOf` says where in the item the value of a problem stands. Answers null for those. */
  attempt<T>(place: string, work: () => T): T | null;
  attemptLater<T>(place: string, work: () => Promise<T>): Promise<T | null>;
  /**
   * Something that vCenter should have shown is not here: refuses the import, or is left out where that was asked for. What lacks for one
   * and the same cause is complained about once.
   */
  lack(error: FieldError, cause: string): void;
  /** It belongs to something that is refused or left out itself. */
  follow(field: string, value: unknown, place: string): void;
  /** What stands here says something else. True where it is to be written over. */
  differs(error: Pick<FieldError, 'field' | 'value'>, here: string): boolean;
  note(error: FieldError): void;
  tell(kind: DeclarationKind, change: keyof DeclarationTally, item?: { field: string; name: string }): void;
  /** Throws the refusal if there is one. Problem: `declarations_refused` with every complaint by its place in the document. */
  settle(): void;
  readonly refused: boolean;
  readonly changed: boolean;
  readonly counts: ImportedDeclarations['counts'];
  readonly items: ImportedDeclarations['items'];
  readonly notes: readonly FieldError[];
}

export function openReport(options: { overwrite: boolean; skipMissing: boolean }): DeclarationReport {
  const errors: FieldError[] = [];
  const notes: FieldError[] = [];
  const items: ImportedDeclarations['items'] = [];
  const causes = new Set<string>();
  let changed = false;
  const none = (): DeclarationTally => ({ created: 0, updated: 0, unchanged: 0, skipped: 0 });
  const counts = Object.fromEntries(
    declarationKinds.map((kind) => [kind, none()]),
  ) as ImportedDeclarations['counts'];
  const note = (error: FieldError): void => {
    if (notes.length < NOTES_SHOWN) notes.push(error);
  };
  const refuse = (place: string, error: unknown): null => {
    if (!(error instanceof Problem)) throw error;
    errors.push(...complaintsOf(place, error));
    return null;
  };
  return {
    complain: (error) => {
      errors.push(error);
    },
    attempt: (place, work) => {
      try {
        return work();
      } catch (error) {
        return refuse(place, error);
      }
    },
    attemptLater: async (place, work) => {
      try {
        return await work();
      } catch (error) {
        return refuse(place, error);
      }
    },
    lack: (error, cause) => {
      if (options.skipMissing) note(error);
      else if (!causes.has(cause)) errors.push(error);
      causes.add(cause);
    },
    follow: (field, value, place) => {
      if (options.skipMissing) note({ field, value, code: 'declared_follows', params: { place } });
    },
    differs: ({ field, value }, here) => {
      if (!options.overwrite) errors.push({ field, value, code: 'declared_differs', params: { here } });
      return options.overwrite;
    },
    note,
    tell: (kind, change, item) => {
      counts[kind][change] += 1;
      if (change !== 'created' && change !== 'updated') return;
      changed = true;
      if (item !== undefined && items.length < ITEMS_SHOWN) items.push({ ...item, change });
    },
    settle: () => {
      if (errors.length === 0) return;
      throw new Problem(
        'declarations_refused',
        { count: errors.length },
        { errors: errors.slice(0, ERRORS_SHOWN) },
      );
    },
    get refused() {
      return errors.length > 0;
    },
    get changed() {
      return changed;
    },
    counts,
    items,
    notes,
  };
}

/** Where in an item the value stands that a problem is about. */
const fieldOfProblem: Readonly<Record<string, string>> = {
  range_outside_prefix: 'end',
  gateway_outside_prefix: 'gateway',
  giving_outside_range: 'giving',
  overlap: 'start',
  companion_unfit: 'companion',
  claims_outside_range: 'start',
  reservations_outside_range: 'start',
  reservation_outside_range: 'start',
  reservation_overlap: 'start',
};

/** A refusal as complaints about an item of a document. What happens to the whole request at once is no such thing. */
function complaintsOf(place: string, problem: Problem): FieldError[] {
  if (problem.code === 'invalid_input')
    return problem.errors.map((error) => ({ ...error, field: `${place}.${error.field}` }));
  const field = fieldOfProblem[problem.code];
  if (field === undefined) throw problem;
  return [
    { field: `${place}.${field}`, value: null, code: problem.code, of: 'problems', params: problem.params },
  ];
}
