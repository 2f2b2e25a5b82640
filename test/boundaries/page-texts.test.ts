import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@swc/core';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(root, 'packages/web/src');

/** Attributes of elements and properties of the controls' settings that are shown or read out. */
const shown = new Set(
  `alt aria-description aria-label aria-placeholder aria-roledescription aria-valuetext addonAfter
    addonBefore cancelText checkedChildren description emptyText extra help
    label message notFoundContent okText placeholder prefix subTitle
    suffix summary tip title tooltip unCheckedChildren`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Texts with letters that stand in a module of the page itself instead of in a catalogue. */
async function findTexts(code: string): Promise<string[]> {
  const found: string[] = [];
  const take = (text: unknown): void => {
    // The product's name, and what a machine or an account may be called, are the same in every language.
    if (typeof text !== 'string' || /^[\w@-]+(?:\.[\w-]+)+$/.test(text)) return;
    if (/\p{L}/u.test(text.replaceAll('Wirebook', ''))) found.push(text.trim());
  };
  /** An expression whose value is shown: every text it may come to. */
  const takeValue = (value: unknown): void => {
    if (!isNode(value)) return;
    if (value.type === 'StringLiteral') take(value['value']);
    else if (value.type === 'TemplateLiteral')
      for (const quasi of listOf(value['quasis'])) take(quasi['cooked'] ?? quasi['raw']);
    else if (value.type === 'ConditionalExpression') {
      takeValue(value['consequent']);
      takeValue(value['alternate']);
    } else if (value.type === 'BinaryExpression') {
      // `??`, `||`, `&&` come to a side; `+` puts the two together; what compares shows neither.
      if (!['??', '||', '&&', '+'].includes(String(value['operator']))) return;
      takeValue(value['left']);
      takeValue(value['right']);
    } else if (value.type === 'ParenthesisExpression' || value.type === 'JSXExpressionContainer')
      takeValue(value['expression']);
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    if (isNode(node)) {
      if (isCode(node)) return;
      if (node.type === 'JSXText') take(node['value']);
      if (node.type === 'JSXElement' || node.type === 'JSXFragment')
        for (const child of listOf(node['children'])) {
          if (child.type === 'JSXExpressionContainer') takeValue(child);
        }
      if (node.type === 'JSXAttribute' && shown.has(nameOf(node['name']))) takeValue(node['value']);
      if (node.type === 'KeyValueProperty' && shown.has(nameOf(node['key']))) takeValue(node['value']);
    }
    Object.values(node).forEach(visit);
  };
  visit(await parse(code, { syntax: 'typescript', tsx: true }));
  return found;
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node['value']).toLowerCase() : '';
}

/** A command to type is the same in every language too. */
function isCode(node: Node): boolean {
  const { opening } = node;
  return (
    isNode(opening) &&
    typeof opening['name'] === 'object' &&
    ['code', 'kbd', 'pre'].includes(nameOf(opening['name']))
  );
}

function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

test('the page has no text of its own: what people read stands in the catalogues', async () => {
  const files = (await readdir(sources, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  expect(files.length).toBeGreaterThan(10);
  const found: string[] = [];
  for (const file of files)
    for (const text of await findTexts(await readFile(join(sources, file), 'utf8')))
      found.push(`packages/web/src/${file}: ${text}`);
  expect(found).toEqual([]);
});

describe('a text of the page itself is found', () => {
  test.each([
    ['between tags', `<b>Hello</b>`],
    ['in Chinese', `<b>你好</b>`],
    ['as a value between tags', `<b>{'Hello'}</b>`],
    ['in one of two cases', `<b>{done ? t('done') : 'Hello'}</b>`],
    ['where something is missing', `<b>{name ?? 'Hello'}</b>`],
    ['beside something that is filled in', '<b>{`${count} servers`}</b>'],
    ['as a label', `<input aria-label="Hello" />`],
    ['as the hint in a field', `<input placeholder={busy ? 'Hello' : undefined} />`],
    ['among the settings of a control', `<Menu items={[{ key: 'one', label: 'Hello' }]} />`],
  ])('%s', async (_where, code) => {
    expect(await findTexts(`const shown = ${code};`)).toHaveLength(1);
  });

  test('and what is no text is not', async () => {
    const code = `const shown = (
      <Link to="/servers" className="wide" data-kind={kind === 'Hello' ? 'one' : 'two'}>
        {t('servers.title')} · {count}: {kind === 'Hello' && t('shell.hello')}
        <Item label={t('servers.name')} placeholder="vcenter.example.com" mode="left" />
        <code>npx wirebook status</code>
      </Link>
    );`;
    expect(await findTexts(code)).toEqual([]);
  });
});
