import { Document, isScalar, Scalar, visit } from 'yaml';

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** YAML 1.2. Text with control characters is double-quoted, and the characters are escaped: a terminal would obey them. */
export function formatYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && typeof node.value === 'string' && CONTROL.test(node.value))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document
    .toString({ lineWidth: 0 })
    .replaceAll(
      /[\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
