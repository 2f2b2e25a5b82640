import { Command, CommanderError } from 'commander';
import { languageOf, languages, openCatalogue, type Language, type Translate } from '@wirebook/contract';
import { Failed, Refused, WrongUsage } from './failures.ts';
import { visible } from './output/visible.ts';
import { describeFailure, describeProblem } from './problem.ts';
import type { Shell } from './session.ts';
import type { Terminal } from './terminal.ts';
import { describeUsageError, localizeHelp } from './usage.ts';
import { commonOptions } from './verbs.ts';

export interface Program {
  readonly name: 'wirebook' | 'climc';
  readonly terminal: Terminal;
  readonly arguments: readonly string[];
  readonly addCommands: (program: Command, shell: Shell) => void;
}

/** Does what the arguments say. Answers the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function run(program: Program): Promise<0 | 1 | 2> {
  const { terminal } = program;
  const language = chooseLanguage(program.arguments, terminal);
  const t = openCatalogue()(language);
  const ending: { exitCode: 0 | 1 } = { exitCode: 0 };
  const shell: Shell = {
    terminal,
    language,
    t,
    endWith: (exitCode) => {
      ending.exitCode = exitCode;
    },
  };
  try {
    await buildProgram(program, shell).parseAsync([...program.arguments], { from: 'user' });
    return ending.exitCode;
  } catch (error) {
    return tellFailure(error, terminal, t);
  }
}

/** The whole command tree, for running and for completion. */
export function buildProgram(program: Omit<Program, 'arguments'>, shell: Shell): Command {
  const { t, terminal } = shell;
  const root = new Command(program.name)
    .description(t(`cli.about.${program.name}`))
    .enablePositionalOptions()
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.messages.write(text),
      getOutHelpWidth: () => terminal.out.columns ?? 100,
      getErrHelpWidth: () => terminal.messages.columns ?? 100,
      // Told once, by tellFailure, in the user's language.
      outputError: () => {},
    });
  localizeHelp(root, t);
  for (const option of commonOptions(shell, { ownUrl: false })) root.addOption(option);
  program.addCommands(root, shell);
  return root;
}

function tellFailure(error: unknown, terminal: Terminal, t: Translate): 0 | 1 | 2 {
  const tell = (text: string): void => terminal.messages.write(text);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Help that was shown because no command was given needs no further word.
    if (error.code !== 'commander.help') tell(describeUsageError(error, t));
    return 2;
  }
  if (error instanceof WrongUsage) {
    tell(describeFailure(error.message, null, t));
    return 2;
  }
  if (error instanceof Refused) tell(describeProblem(error.problem, t, error.source));
  else if (error instanceof Failed) tell(describeFailure(error.message, error.remedy, t));
  else {
    const cause = error instanceof Error ? error.message : String(error);
    tell(describeFailure(t('cli.problem.unforeseen', { cause: visible(cause) }), null, t));
  }
  return 1;
}

/** `--lang`, or the locale (POSIX: LC_ALL, LC_MESSAGES, LANG). Needed before anything is parsed: help is translated too. */
function chooseLanguage(words: readonly string[], terminal: Terminal): Language {
  for (const [index, word] of words.entries()) {
    if (word === '--') break;
    const value = word === '--lang' ? words[index + 1] : /^--lang=(.*)$/.exec(word)?.[1];
    const known = languages.find((language) => language === value);
    if (known !== undefined) return known;
  }
  const { environment } = terminal;
  return languageOf(environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || undefined);
}
