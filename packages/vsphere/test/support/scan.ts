import { VsphereError } from '../../src/errors.ts';
import { defaultLimits, type Limits } from '../../src/limits.ts';
import { interest, XmlScanner, type Interest } from '../../src/scanner.ts';
import { WordTable } from '../../src/words.ts';

/** One thing that a scanner told. */
export type ScanEvent =
  | { open: string; xsiType: string; type: string; nil: boolean }
  | { close: string; text: string };

/** Scans a document given in pieces, interested in what `want` says, and returns all that the scanner told. */
export function scan(
  pieces: readonly (string | Buffer)[],
  options: {
    want?: (name: string) => Interest;
    limits?: Partial<Limits>;
    read?: (scanner: XmlScanner) => string;
  } = {},
): ScanEvent[] {
  const events: ScanEvent[] = [];
  const want = options.want ?? (() => interest.text);
  const read = options.read ?? ((scanner: XmlScanner) => scanner.string);
  const scanner = new XmlScanner(
    {
      open(name, at) {
        const wanted = want(name);
        if (wanted !== interest.skip) {
          events.push({ open: name, xsiType: at.xsiType, type: at.typeAttribute, nil: at.nil });
        }
        return wanted;
      },
      close(name, at) {
        events.push({ close: name, text: read(at) });
      },
    },
    { ...defaultLimits, ...options.limits },
    new WordTable(6),
  );
  for (const piece of pieces) {
    scanner.write(Buffer.isBuffer(piece) ? piece : Buffer.from(piece));
  }
  scanner.end();
  return events;
}

/** The problem that a function throws; fails when it throws none. */
export function problemOf(act: () => unknown): VsphereError['problem'] {
  try {
    act();
  } catch (error) {
    if (error instanceof VsphereError) {
      return error.problem;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A document in two pieces, split at each position in turn. */
export function* splits(document: Buffer): Generator<[Buffer, Buffer]> {
  for (let at = 0; at <= document.length; at++) {
    // Copies, so that nothing can look past its piece.
    yield [Buffer.from(document.subarray(0, at)), Buffer.from(document.subarray(at))];
  }
}
