import type { Translate } from '@wirebook/contract';
import { WrongUsage } from './failures.ts';
import { isSet, type Options } from './options.ts';
import type { Terminal } from './terminal.ts';

/**
 * A secret from standard input (`--password-stdin`, `--token-stdin`) or, on a terminal, typed unseen. Never from the command
 * line: that is shown to every user of the machine and kept in histories.
 */
export async function readSecret(
  terminal: Terminal,
  options: Options,
  about: { option: 'passwordStdin' | 'tokenStdin'; question: string },
  t: Translate,
): Promise<string> {
  const secret = terminal.input.interactive
    ? await terminal.input.ask(about.question, { secret: true })
    : isSet(options, about.option)
      ? new TextDecoder().decode(await terminal.input.readAll()).replace(/\r?\n$/, '')
      : null;
  const name = about.option === 'passwordStdin' ? '--password-stdin' : '--token-stdin';
  if (secret === null) throw new WrongUsage(t('cli.usage.secretMissing', { name }));
  if (secret === '') throw new WrongUsage(t('cli.usage.secretEmpty', { name }));
  return secret;
}
