/** What a reply may cost. A reply that passes a limit is refused with problem `too-large`. */
export interface Limits {
  /** Bytes of one reply after decompression. */
  replyBytes: number;
  /** Bytes of one value's text. */
  valueBytes: number;
  /** Bytes of one tag with its attributes. */
  tagBytes: number;
  /** Attributes of one element. */
  attributes: number;
  /** Elements open at once. */
  depth: number;
}

export const defaultLimits: Limits = {
  replyBytes: 1024 ** 3,
  valueBytes: 1024 ** 2,
  tagBytes: 16 * 1024,
  attributes: 64,
  depth: 100,
};

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** TCP and TLS together. */
  connectMs: number;
  /** From the request's end to the reply's first line: vCenter collects before it answers. */
  headersMs: number;
  /** Between two pieces of a reply. */
  idleMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, headersMs: 120_000, idleMs: 60_000 };
