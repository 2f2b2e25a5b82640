import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contract from '@wirebook/contract';
import { catalogues, languages, openCatalogue, type Language } from '@wirebook/contract';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addClimcCommands } from '../src/commands/climc.ts';
import { addWirebookCommands } from '../src/program.ts';
import { buildProgram } from '../src/run.ts';
import type { Terminal } from '../src/terminal.ts';

const { en, zh } = catalogues;

const quiet = { write: () => {}, interactive: false, columns: null };
const terminal: Terminal = {
  environment: {},
  out: quiet,
  messages: quiet,
  input: {
    interactive: false,
    readAll: () => Promise.resolve(new Uint8Array()),
    ask: () => Promise.resolve(''),
  },
  workingFolder: '/nowhere',
  homeFolder: '/nowhere',
  onInterrupt: () => () => {},
};

function program(name: 'wirebook' | 'climc', language: Language): Command {
  const addCommands = name === 'climc' ? addClimcCommands : addWirebookCommands;
  const shell = { terminal, language, t: openCatalogue()(language), endWith: () => {} };
  return buildProgram({ name, terminal, addCommands }, shell);
}

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap((child) => all(child))];
}

/** `path: text` of every text of a catalogue. */
function texts(node: object, path = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'object' && value !== null
      ? texts(value, here)
      : [[here, String(value)] satisfies [string, string]];
  });
}

/** Texts by key without the plural form: English has one and other, Chinese only other. */
function byKey(catalogue: object): Map<string, string[]> {
  const grouped = Map.groupBy(texts(catalogue), ([key]) => key.replace(/_(?:one|other)(?=$|\.)/, ''));
  return new Map([...grouped].map(([key, list]) => [key, list.map(([, text]) => text)]));
}

function placeholders(list: readonly string[]): string[] {
  const found = list.flatMap((text) => [...text.matchAll(/\{\{([^}]*)\}\}/g)].map((match) => match[1] ?? ''));
  return [...new Set(found)].toSorted();
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('generated'),
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

describe('the two catalogues', () => {
  const [english, chinese] = [byKey(en), byKey(zh)];

  test('have the same keys', () => {
    expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  test('fill the same values into each text', () => {
    const differing = [...english].flatMap(([key, list]) => {
      const [ours, theirs] = [placeholders(list), placeholders(chinese.get(key) ?? [])];
      return ours.join() === theirs.join() ? [] : [`${key}: ${ours.join()} / ${theirs.join()}`];
    });
    expect(differing).toEqual([]);
  });

  test('have no empty text', () => {
    expect([...texts(en), ...texts(zh)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

describe('the texts of the command line', () => {
  const sources = sourceFiles(join(import.meta.dirname, '../src')).join('\n');
  const known = byKey(en);
  const literal = [...sources.matchAll(/['"](cli\.[A-Za-z.]+[A-Za-z])['"]/g)]
    .map((match) => match[1] ?? '')
    .filter((key) => key !== 'cli.json');
  /** Keys that are put together: `cli.noun.<noun>` and the like. */
  const prefixes = [...sources.matchAll(/`(cli\.[A-Za-z.]+\.)\$\{/g)].map((match) => match[1] ?? '');

  test('every key in the code is in the catalogue', () => {
    expect(literal.length).toBeGreaterThan(30);
    expect(literal.filter((key) => !known.has(key))).toEqual([]);
  });

  test('every key in the catalogue is used', () => {
    const unused = [...known.keys()]
      .filter((key) => key.startsWith('cli.'))
      .filter((key) => !literal.includes(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });

  test.each(languages)('every command, argument and option has its text (%s)', (language) => {
    const commands = [program('wirebook', language), program('climc', language)].flatMap(all);
    expect(commands.length).toBeGreaterThan(50);
    for (const command of commands) {
      const described = [
        command.description(),
        ...command.options.map((option) => option.description),
        ...command.registeredArguments.map((argument) => argument.description),
      ];
      for (const text of described) expect(text).toMatch(/^(?!cli\.).+/);
    }
  });

  test('every field of every resource has a title for tables', () => {
    const resources = [
      contract.cloudAccount,
      contract.accountPreview,
      contract.accountTest,
      contract.syncRun,
      contract.host,
      contract.virtualSwitch,
      contract.wire,
      contract.network,
      contract.server,
      contract.nic,
      contract.nicSummary,
      contract.address,
      contract.conflict,
      contract.finding,
      contract.findingSummary,
      contract.action,
      contract.mending,
      contract.event,
      contract.addressSpace,
      contract.reason,
      contract.nicRecord,
      contract.networkAddress,
      contract.takenAddress,
      contract.claim,
      contract.givenAddress,
      contract.holder,
      contract.reservation,
      contract.newToken,
      contract.signInLink,
      contract.nicFix,
      contract.fixResult,
      contract.importedAddresses,
      contract.comparison,
      contract.listDifference,
      contract.importedNetwork,
      contract.importedNetworks,
      contract.why,
      contract.nicWhy,
      contract.operation,
      contract.serverPlan,
      contract.hostVerdict,
      contract.serverChangePlan,
      contract.privilegeList.shape.items.element,
    ];
    const fields = resources.flatMap((resource) => Object.keys(resource.shape));
    const untitled = fields.filter((field) => !known.has(`cli.column.${field}`));
    expect(untitled).toEqual([]);
  });

  test('every verb has examples, and each of them is a command line that it takes', () => {
    const verbs = ['wirebook', 'climc'] as const;
    for (const name of verbs) {
      for (const verb of all(program(name, 'en')).filter((command) => command.commands.length === 0)) {
        let help = '';
        verb.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
        const [, examples = ''] = help.split('Examples:\n');
        const lines = examples.split('\n').map((line) => line.trim());
        expect(lines.filter((line) => line !== '')).not.toEqual([]);
        for (const line of lines.filter((each) => each !== '')) expect(taken(name, line)).toBe(verb.name());
      }
    }
  });
});

/** The verb that takes the command line; throws as the program would where none does. */
function taken(name: 'wirebook' | 'climc', line: string): string {
  const [first, ...words] = [...line.replace(/ [<>] .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  expect(first).toBe(name);
  let ran = '';
  const root = program(name, 'en');
  for (const command of all(root).filter((each) => each.commands.length === 0))
    command.action(() => {
      ran = command.name();
    });
  root.parse(words, { from: 'user' });
  return ran;
}
