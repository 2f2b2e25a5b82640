import type { ProblemBody } from '@wirebook/contract';

/** The command was not used as it is meant to be: exit code 2. The message is for the user, in their language. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** A file whose rows were sent: the line that each began in. */
export interface SourceFile {
  readonly file: string;
  readonly lines: readonly number[];
  /** Of a file, or several, that is more than one list of rows: where a field of the request stands. */
  readonly placeOf?: (field: string) => FilePlace | null;
}

export interface FilePlace {
  readonly file: string;
  readonly line: number;
  /** What the field is called there. */
  readonly field: string;
}

/** The controller refused, with its reasons (RFC 9457): exit code 1. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: ProblemBody;
  /** The file that the request was made from, if it was. */
  readonly source: SourceFile | null;
  constructor(problem: ProblemBody, source: SourceFile | null = null) {
    super(problem.title);
    this.problem = problem;
    this.source = source;
  }
}

/** It could not be done for a reason outside the controller: exit code 1. Message and remedy are for the user. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly remedy: string | null;
  constructor(message: string, remedy: string | null = null) {
    super(message);
    this.remedy = remedy;
  }
}
