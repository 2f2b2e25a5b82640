import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interest } from '../src/scanner.ts';
import { documents, eventsBySaxes } from './support/documents.ts';
import { problemOf, scan, splits } from './support/scan.ts';

/** Cuts a document at the given fractions of its length. */
function cut(document: Buffer, fractions: readonly number[]): Buffer[] {
  const positions = [...fractions.map((f) => Math.floor(f * document.length)), document.length].toSorted(
    (a, b) => a - b,
  );
  let from = 0;
  return positions.map((to) => {
    const piece = Buffer.from(document.subarray(from, to));
    from = to;
    return piece;
  });
}

describe('the scanner against saxes', () => {
  it('tells the same of any document, wherever it is split', () => {
    fc.assert(
      fc.property(
        documents,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (document, fractions) => {
          expect(scan(cut(Buffer.from(document), fractions))).toEqual(eventsBySaxes(document));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('tells the same when every byte is a chunk of its own', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const bytes = [...Buffer.from(document)].map((byte) => Buffer.from([byte]));
        expect(scan(bytes)).toEqual(eventsBySaxes(document));
      }),
      { numRuns: 300 },
    );
  });

  it('tells the same about what is left when some elements are skipped', () => {
    fc.assert(
      fc.property(documents, fc.double({ min: 0, max: 1, noNaN: true }), (document, fraction) => {
        const want = (name: string) =>
          name === 'val' || name === 'item' ? interest.skip : interest.elements;
        const kept: string[] = [];
        let skipping = 0;
        for (const event of eventsBySaxes(document)) {
          if ('open' in event) {
            skipping += skipping > 0 || want(event.open) === interest.skip ? 1 : 0;
            if (skipping === 0) {
              kept.push(`+${event.open} ${event.xsiType} ${event.type}`);
            }
          } else {
            if (skipping === 0) {
              kept.push(`-${event.close}`);
            }
            skipping -= skipping > 0 ? 1 : 0;
          }
        }
        const told = scan(cut(Buffer.from(document), [fraction]), { want }).map((event) =>
          'open' in event ? `+${event.open} ${event.xsiType} ${event.type}` : `-${event.close}`,
        );
        expect(told).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });

  it('ends with a result or a typed error on any bytes at all, and the same one however they are split', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc
        .string({ maxLength: 60, unit: fc.constantFrom(...Array.from('<>/!?-[]&;="\' aCDATx:\n')) })
        .map((s) => Buffer.from(s)),
      fc.tuple(documents, fc.nat(), fc.nat(255)).map(([document, at, byte]) => {
        const bytes = Buffer.from(document);
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    const outcome = (pieces: Buffer[]): unknown => {
      try {
        return scan(pieces);
      } catch (error) {
        return error instanceof Error && 'problem' in error ? error.problem : error;
      }
    };
    fc.assert(
      fc.property(noise, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, fraction) => {
        const whole = outcome([bytes]);
        expect(whole).not.toBeInstanceOf(Error);
        expect(outcome(cut(bytes, [fraction]))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the scanner', () => {
  const reply = Buffer.from(
    `\ufeff<?xml version='1.0'\n encoding="UTF-8"\n?><!-- a --><e:E xmlns:e="urn:e" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">` +
      `<v i:type='xsd:string' type="Network">漢&amp;<![CDATA[<é>]]>字\r\n</v><s><b a=">"/><!--x--><![CDATA[<]]></s><n>-12</n></e:E>\n`,
  );

  it('tells the same when a reply is split at any byte', () => {
    const want = (name: string) => (name === 's' ? interest.skip : interest.text);
    const whole = scan([reply], { want });
    expect(whole).toContainEqual({ close: 'v', text: '漢&<é>字\n' });
    expect(whole).toContainEqual({ open: 'v', xsiType: 'string', type: 'Network', nil: false });
    for (const pieces of splits(reply)) {
      expect(scan(pieces, { want })).toEqual(whole);
    }
  });

  it('reads integers without making strings of them', () => {
    const read = (text: string) =>
      scan([`<n>${text}</n>`], { read: (scanner) => String(scanner.integer) }).at(-1);
    expect(read('4000')).toEqual({ close: 'n', text: '4000' });
    expect(read('-1')).toEqual({ close: 'n', text: '-1' });
    expect(read(' 7 ')).toEqual({ close: 'n', text: '7' });
    expect(read('&#49;2')).toEqual({ close: 'n', text: '12' });
    expect(read('9007199254740991')).toEqual({ close: 'n', text: '9007199254740991' });
    expect(read('')).toEqual({ close: 'n', text: 'null' });
    expect(read('12a')).toEqual({ close: 'n', text: 'null' });
    expect(read('-')).toEqual({ close: 'n', text: 'null' });
  });

  it('turns bad UTF-8 and forbidden characters into the replacement character', () => {
    const text = Buffer.concat([
      Buffer.from('<a>x'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('&#0;&#xD800;y</a>'),
    ]);
    for (const pieces of splits(text)) {
      expect(scan(pieces).at(-1)).toEqual({ close: 'a', text: 'x\ufffd(\ufffd\ufffd\ufffdy' });
    }
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'document type'],
    ['an entity of its own', '<a>&x;</a>', 'entity'],
    ['a bare ampersand', '<a>a & b</a>', 'entity'],
    ['text around the document', 'Not found', 'not XML'],
    ['text after the document', '<a/>more', 'after the document'],
    ['a second document', '<a/><b/>', 'second'],
    ['a wrong end tag', '<a><b></a></b>', 'end tag'],
    ['an end tag before any element', '</a>', 'end tag'],
    ['an attribute without quotes', '<a type=x/>', 'attributes'],
    ['an attribute without value', '<a type/>', 'attributes'],
    ['a tag without name', '<a>< b/></a>', 'without a name'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'encoding'],
    ['UTF-16', Buffer.from('\ufeff<a/>', 'utf16le'), 'UTF-16'],
    ['CDATA outside the document', '<![CDATA[x]]><a/>', 'declaration'],
  ])('refuses %s', (_, document, reason) => {
    const bytes = Buffer.isBuffer(document) ? document : Buffer.from(document);
    for (const pieces of splits(bytes)) {
      expect(problemOf(() => scan(pieces))).toMatchObject({
        kind: 'malformed',
        reason: expect.stringContaining(reason),
      });
    }
  });

  it('says cut-off, whatever byte a document ends after', () => {
    const document = Buffer.from(
      '<?xml version="1.0"?><a b="c"><!-- x --><b>text</b><c><![CDATA[y]]></c></a>',
    );
    for (let length = 0; length < document.length; length++) {
      expect(problemOf(() => scan([document.subarray(0, length)]))).toMatchObject({ kind: 'cut-off' });
    }
  });

  it('refuses a value past the limit and names its path, also in pieces and in CDATA', () => {
    const limits = { valueBytes: 100 };
    const long = 'x'.repeat(101);
    const expected = { kind: 'too-large', limit: 'valueBytes', maximum: 100, path: 'a/name' };
    expect(problemOf(() => scan([`<a><name>${long}</name></a>`], { limits }))).toEqual(expected);
    expect(problemOf(() => scan(['<a><name>', ...Array.from(long)], { limits }))).toEqual(expected);
    expect(problemOf(() => scan([`<a><name><![CDATA[${long}]]></name></a>`], { limits }))).toEqual(expected);
    const want = (name: string) => (name === 'name' ? interest.skip : interest.elements);
    expect(scan([`<a><name>${long}</name></a>`], { limits, want })).toHaveLength(2);
    expect(scan([`<a><name>${'x'.repeat(100)}</name></a>`], { limits })).toHaveLength(4);
  });

  it('refuses too many open elements, wanted or skipped', () => {
    const limits = { depth: 10 };
    const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(scan([nested(10)], { limits })).toHaveLength(20);
    expect(problemOf(() => scan([nested(11)], { limits }))).toMatchObject({
      kind: 'too-large',
      limit: 'depth',
    });
    const want = (name: string) => (name === 's' ? interest.skip : interest.elements);
    expect(scan([`<r><s>${nested(8)}</s></r>`], { limits, want })).toHaveLength(2);
    expect(problemOf(() => scan([`<r><s>${nested(9)}</s></r>`], { limits, want }))).toMatchObject({
      kind: 'too-large',
      limit: 'depth',
    });
  });

  it('refuses long tags and many attributes', () => {
    const long = `<a b="${'x'.repeat(200)}"/>`;
    for (const pieces of splits(Buffer.from(long))) {
      expect(problemOf(() => scan(pieces, { limits: { tagBytes: 100 } }))).toMatchObject({
        limit: 'tagBytes',
      });
    }
    expect(problemOf(() => scan(['<a b="1" c="2" d="3"/>'], { limits: { attributes: 2 } }))).toMatchObject({
      kind: 'too-large',
      limit: 'attributes',
    });
  });

  it('tells a namespace prefix that ends with its element from the same prefix outside', () => {
    const instance = 'http://www.w3.org/2001/XMLSchema-instance';
    const document = `<a xmlns:t="${instance}"><b xmlns:t="urn:x" t:type="no"/><c t:type="yes"/><d><e xmlns:u="${instance}"/><f u:type="no"/></d></a>`;
    const types = scan([document]).flatMap((event) =>
      'open' in event ? [`${event.open}=${event.xsiType}`] : [],
    );
    expect(types).toEqual(['a=', 'b=', 'c=yes', 'd=', 'e=', 'f=']);
  });
});
