import type { Command, Option } from 'commander';
import { openApi } from './api.ts';
import { findConnection } from './connection.ts';
import { addListOptions, fetchList, type FetchPage } from './list.ts';
import { choice, option, text, type Options } from './options.ts';
import { outputForms, printList, type Column } from './output/print.ts';
import type { Session, Shell } from './session.ts';

/** A noun such as `wire`, to hang verbs on. */
export function addNoun(program: Command, shell: Shell, name: string): Command {
  return program
    .command(name)
    .description(shell.t(`cli.noun.${name}`))
    .helpCommand(false);
}

export interface Verb {
  readonly name: string;
  /** Its text in the catalogue, below `cli.verb`. */
  readonly key: string;
  /** As commander writes them: `<name>`, `[names...]`. */
  readonly arguments?: readonly string[];
  readonly options?: readonly Option[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** This verb's own `--url` is not the controller's. */
  readonly ownUrl?: boolean;
  readonly run: (session: Session, operands: readonly string[], options: Options) => Promise<void>;
}

/** Adds a verb that talks to the controller. */
export function addVerb(parent: Command, shell: Shell, verb: Verb): Command {
  const { ownUrl = false } = verb;
  return addLocalVerb(parent, shell, {
    ...verb,
    options: [...(verb.options ?? []), ...commonOptions(shell, { ownUrl })],
    run: async (command, operands) => {
      const options = command.opts<Options>();
      await verb.run(await openSession(shell, command, { ownUrl }), operands, options);
    },
  });
}

/** Adds a verb that does without the controller. */
export function addLocalVerb(
  parent: Command,
  shell: Shell,
  verb: Omit<Verb, 'run' | 'ownUrl'> & {
    readonly run: (command: Command, operands: readonly string[]) => Promise<void>;
  },
): Command {
  const { t } = shell;
  const command = parent.command(verb.name).description(t(`cli.verb.${verb.key}`));
  for (const name of verb.arguments ?? [])
    command.argument(name, t(`cli.argument.${name.replaceAll(/[^a-z]/gi, '')}`));
  for (const made of verb.options ?? []) command.addOption(made);
  command.addHelpText('after', `\n${t('cli.help.examples')}\n  ${verb.examples.join('\n  ')}`);
  command.action(async () => {
    const operands = command.processedArgs.flatMap((operand: unknown) => operand ?? []);
    await verb.run(
      command,
      operands.filter((operand) => typeof operand === 'string'),
    );
  });
  return command;
}

/** The options of every command that talks to the controller. They may also stand before the noun. */
export function commonOptions(shell: Shell, about: { ownUrl: boolean }): Option[] {
  const { t } = shell;
  return [
    option(t, '-o, --output <form>').choices(outputForms),
    option(t, '--fields <paths>'),
    ...(about.ownUrl ? [] : [option(t, '--url <url>')]),
    option(t, '--token <token>'),
    option(t, '--lang <language>').choices(['zh', 'en']),
  ];
}

async function openSession(shell: Shell, command: Command, about: { ownUrl: boolean }): Promise<Session> {
  const own = command.opts<Options>();
  const outer = rootOf(command).opts<Options>();
  const pick = (name: string): string | undefined => text(own, name) ?? text(outer, name);
  const connection = await findConnection(
    shell.terminal,
    { url: about.ownUrl ? text(outer, 'url') : pick('url'), token: pick('token') },
    shell.t,
  );
  return {
    ...shell,
    connection,
    api: openApi(connection, shell.language, shell.t),
    printer: {
      terminal: shell.terminal,
      t: shell.t,
      form: choice(own, 'output', outputForms) ?? choice(outer, 'output', outputForms) ?? 'table',
      fields:
        pick('fields')
          ?.split(',')
          .map((path) => path.trim())
          .filter((path) => path !== '') ?? null,
    },
  };
}

export function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** A verb `list`: filters as options, pages, columns. */
export function addList<Row extends object>(
  noun: Command,
  shell: Shell,
  verb: {
    readonly filters: readonly Option[];
    readonly columns: readonly Column<Row>[];
    readonly examples: readonly string[];
    readonly fetch: (session: Session, options: Options) => FetchPage<Row>;
    /** What to say below the table. */
    readonly foot?: (session: Session, rows: readonly Row[]) => void;
    /** Instead of one table. */
    readonly print?: (session: Session, rows: readonly Row[], options: Options) => Promise<void>;
  },
): void {
  const command = addVerb(noun, shell, {
    name: 'list',
    key: `${noun.name()}.list`,
    options: verb.filters,
    examples: verb.examples,
    run: async (session, _operands, options) => {
      const rows = await fetchList(session, options, verb.fetch(session, options));
      if (verb.print === undefined) printList(session.printer, rows, verb.columns);
      else await verb.print(session, rows, options);
      if (session.printer.form === 'table') verb.foot?.(session, rows);
    },
  });
  addListOptions(command, shell.t);
}
