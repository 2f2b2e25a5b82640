import type { Command, CommanderError } from 'commander';
import type { Translate } from '@wirebook/contract';
import { describeFailure } from './problem.ts';

/** Help in the user's language; commander's own words are English. */
export function localizeHelp(root: Command, t: Translate): void {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': t('cli.help.usage'),
    'Arguments:': t('cli.help.arguments'),
    'Options:': t('cli.help.options'),
    'Commands:': t('cli.help.commands'),
  };
  root.helpOption('-h, --help', t('cli.help.help')).configureHelp({
    styleTitle: (title) => titles[title] ?? title,
    optionDescription: (option) =>
      option.argChoices === undefined
        ? option.description
        : `${option.description} (${option.argChoices.join(', ')})`,
  });
}

/** What is wrong with the words given, from commander's code and what it quotes. */
export function describeUsageError(error: CommanderError, t: Translate): string {
  const [what = '', second = ''] = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const meant = /\(Did you mean (?:one of )?(.*)\?\)/.exec(error.message)?.[1] ?? null;
  return describeFailure(
    usageText(error, what, second, t),
    meant === null ? t('cli.usage.seeHelp') : t('cli.usage.didYouMean', { meant }),
    t,
  );
}

function usageText(error: CommanderError, what: string, second: string, t: Translate): string {
  switch (error.code) {
    case 'commander.unknownOption':
      return t('cli.usage.unknownOption', { what });
    case 'commander.unknownCommand':
      return t('cli.usage.unknownCommand', { what });
    case 'commander.missingArgument':
      return t('cli.usage.missingArgument', { what });
    case 'commander.optionMissingArgument':
      return t('cli.usage.optionMissingArgument', { what });
    case 'commander.missingMandatoryOptionValue':
      return t('cli.usage.missingOption', { what });
    case 'commander.conflictingOption':
      return t('cli.usage.conflictingOptions', { what, second });
    case 'commander.excessArguments':
      return t('cli.usage.excessArguments');
    case 'commander.invalidArgument':
      return t('cli.usage.notAChoice', {
        what,
        value: second,
        choices: /Allowed choices are (.*)\.$/.exec(error.message)?.[1] ?? '',
      });
    default:
      return error.message.replace(/^error: /, '');
  }
}
