import type { ObstacleCode, ProblemCode } from '@wirebook/contract';

/** One refused field: where it is in the request, what stood there, and the catalogue's key of what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly value: unknown;
  readonly code: string;
  /** Where the key is that of a problem (its detail and remedy say what is wrong), or of why a host can't have a server. */
  readonly of?: 'problems' | 'hosts';
  readonly params?: Record<string, string | number>;
  /** The line of an imported file that the row came from. */
  readonly line?: number | undefined;
}

/** What keeps an address from being given out, as the catalogue knows it (`obstacles`). */
export interface Obstacle {
  readonly code: ObstacleCode;
  readonly params: Record<string, string | number>;
}

export interface ProblemObject {
  readonly kind: string;
  readonly id: string | null;
  readonly name: string;
}

export interface CertificateShown {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** A refusal from the closed list. Whoever answers the request puts it into words in the reader's language. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly params: Record<string, string | number>;
  readonly errors: readonly FieldError[];
  readonly objects: readonly ProblemObject[];
  readonly certificate: CertificateShown | null;
  /** For `address_not_free`: its words become the problem's own. */
  readonly obstacle: Obstacle | null;

  constructor(
    code: ProblemCode,
    params: Record<string, string | number> = {},
    about: {
      errors?: readonly FieldError[];
      objects?: readonly ProblemObject[];
      certificate?: CertificateShown;
      obstacle?: Obstacle;
    } = {},
  ) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.params = params;
    this.errors = about.errors ?? [];
    this.objects = about.objects ?? [];
    this.certificate = about.certificate ?? null;
    this.obstacle = about.obstacle ?? null;
  }
}

/** Input that was well-formed and still can't be taken. */
export function refuseInput(errors: readonly FieldError[]): Problem {
  return new Problem('invalid_input', { count: errors.length }, { errors });
}

/** A name as it can be pasted into a shell. */
export function quoted(name: string): string {
  return /^[A-Za-z0-9._/:@%+-]+$/.test(name) && !name.startsWith('-')
    ? name
    : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}
