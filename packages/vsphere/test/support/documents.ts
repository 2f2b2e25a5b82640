import * as fc from 'fast-check';
import { SaxesParser } from 'saxes';
import type { ScanEvent } from './scan.ts';

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

const elementName = fc.constantFrom(
  'a',
  'val',
  'objects',
  'x-1',
  'ns:item',
  'returnval',
  'long.name_with-much',
);
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Array.from('abz 09-_>"\'.')) },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\t', 'é', '漢', '😀', '\u00a0') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&#65;', '&#x6F22;', '&#13;'),
  },
);
const text = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(''));
const comment = fc
  .string({ maxLength: 8, unit: fc.constantFrom(...Array.from('ab <>&]/')) })
  .map((inside) => `<!--${inside}-->`);
const section = fc
  .string({ maxLength: 10, unit: fc.constantFrom(...Array.from('ab<>&]/\r\n漢')) })
  .map((inside) => `<![CDATA[${inside.replaceAll(/\]\]+/g, ']')}]]>`);
const instruction = fc.constantFrom('<?go on?>', '<?x a="b" > c?>');

const value = fc.constantFrom('xsd:string', 'VirtualMachine', 'vim25:ArrayOfInt', '', 'a b');
const attribute = fc.oneof(
  fc.tuple(fc.constantFrom('xsi:type', 'p:type', 'type', 'q:other', 'other', 'xsi:nil'), value),
  fc.constantFrom<[string, string]>(
    ['xmlns:p', SCHEMA_INSTANCE],
    ['xmlns:p', 'urn:else'],
    ['xmlns:xsi', SCHEMA_INSTANCE],
    ['xmlns', 'urn:vim25'],
    ['xsi:nil', 'true'],
  ),
);
const attributes = fc
  .tuple(
    fc.uniqueArray(attribute, { maxLength: 4, selector: ([name]) => name }),
    fc.constantFrom('"', "'"),
    fc.constantFrom(' ', '\n  '),
    fc.constantFrom('=', ' = '),
  )
  // `p:type` and `xsi:type` of one namespace on one element are a duplicate, which no writer writes.
  .filter(([list]) => list.filter(([name]) => /^(?:p|xsi):type$/.test(name)).length < 2)
  .map(([list, quote, space, equals]) =>
    list.map(([name, content]) => `${space}${name}${equals}${quote}${content}${quote}`).join(''),
  );

const { element } = fc.letrec<{ element: string; inside: string }>((tie) => ({
  inside: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    comment,
    section,
    instruction,
    tie('element'),
  ),
  element: fc
    .tuple(elementName, attributes, fc.array(tie('inside'), { maxLength: 5 }), fc.constantFrom('', ' ', '\n'))
    .map(([name, list, inside, space]) =>
      inside.length === 0
        ? `<${name}${list}${space}/>`
        : `<${name}${list}${space}>${inside.join('')}</${name}${space}>`,
    ),
}));

/** Well-formed documents with what replies may hold: comments, CDATA, references, namespaces, odd spacing. */
export const documents: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '',
      '<?xml version="1.0" encoding="UTF-8"?>',
      "<?xml version='1.0'\n encoding='utf-8'\n?>\n",
      '\ufeff',
    ),
    fc.array(fc.oneof(comment, fc.constant('\n')), { maxLength: 2 }),
    fc.array(element, { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(comment, fc.constant('\n')), { maxLength: 2 }),
  )
  .map(
    ([head, before, inside, after]) =>
      `${head}${before.join('')}<root xmlns:xsi="${SCHEMA_INSTANCE}" xmlns:p="urn:p" xmlns:q="urn:q" xmlns:ns="urn:ns">${inside.join('')}</root>${after.join('')}`,
  );

/** What a scanner with interest in all text should tell of a document, according to saxes. */
export function eventsBySaxes(document: string): ScanEvent[] {
  const events: ScanEvent[] = [];
  const parser = new SaxesParser({ xmlns: true });
  let collected = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const attribute = (uri: string, local: string): string =>
      Object.values(tag.attributes).find((a) => a.uri === uri && a.local === local)?.value ?? '';
    collected = '';
    events.push({
      open: tag.local,
      xsiType: attribute(SCHEMA_INSTANCE, 'type').split(':').at(-1)?.trim() ?? '',
      type: attribute('', 'type'),
      nil: attribute(SCHEMA_INSTANCE, 'nil') === 'true',
    });
  });
  parser.on('text', (part) => {
    collected += part;
  });
  parser.on('cdata', (part) => {
    collected += part;
  });
  parser.on('closetag', (tag) => {
    events.push({ close: tag.local, text: collected });
    collected = '';
  });
  parser.write(document).close();
  return events;
}
