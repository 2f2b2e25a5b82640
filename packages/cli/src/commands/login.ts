import type { Command } from 'commander';
import { dataOf, openApi } from '../api.ts';
import { checkUrl, findConnection } from '../connection.ts';
import { WrongUsage } from '../failures.ts';
import { forgetLogin, keepLogin, type KeptLogin, makeToken, readLogin, revokeLogin } from '../login.ts';
import { isSet, option, text, type Options } from '../options.ts';
import { readSecret } from '../secrets.ts';
import type { Shell } from '../session.ts';
import { addLocalVerb } from '../verbs.ts';

/** Keeps the address of a controller and a token for it: one that is made by signing in, or one that somebody has, after it was tried. */
export function addLoginCommand(program: Command, shell: Shell): void {
  const { t, terminal } = shell;
  const language = option(t, '--lang <language>').choices(['zh', 'en']);
  addLocalVerb(program, shell, {
    name: 'login',
    key: 'login',
    options: [
      option(t, '--url <url>'),
      option(t, '--username <name>', 'loginName'),
      option(t, '--password-stdin'),
      option(t, '--token-stdin').conflicts(['passwordStdin', 'username']),
      language,
    ],
    examples: [
      'wirebook login --url https://wirebook.example',
      'wirebook login --url https://wirebook.example --username admin --password-stdin < password.txt',
      'wirebook login --url https://wirebook.example --token-stdin < token.txt',
    ],
    run: async (command) => {
      const options = command.opts<Options>();
      const given = text(options, 'url');
      const url = given === undefined ? (await findConnection(terminal, {}, t)).url : checkUrl(given, t);
      const before = await readLogin(terminal);
      const kept = isSet(options, 'tokenStdin')
        ? await tryToken(shell, url, options)
        : await signIn(shell, url, options);
      const path = await keepLogin(terminal, kept);
      terminal.messages.write(`${t('cli.login.done', { url, path })}\n`);
      // The one from before would be left over, known to nobody. That it can't be revoked is no reason not to be signed in.
      if (before !== null && before.token !== kept.token)
        await revokeLogin(shell, before, t).catch(() => undefined);
    },
  });
  addLocalVerb(program, shell, {
    name: 'logout',
    key: 'logout',
    options: [language],
    examples: ['wirebook logout'],
    run: async () => {
      const kept = await readLogin(terminal);
      const ended = kept === null ? 'not_ours' : await revokeLogin(shell, kept, t);
      const path = await forgetLogin(terminal);
      const done =
        kept === null ? 'none' : ended === 'not_ours' ? 'forgotten' : ended === 'ended' ? 'ended' : 'revoked';
      terminal.messages.write(`${t(`cli.logout.${done}`, { url: kept?.url ?? '', path })}\n`);
    },
  });
}

async function tryToken(shell: Shell, url: string, options: Options): Promise<KeptLogin> {
  const { t, terminal, language } = shell;
  const about = { option: 'tokenStdin', question: t('cli.login.askToken') } as const;
  const token = (await readSecret(terminal, options, about, t)).trim();
  dataOf(await openApi({ url, token, source: '--url' }, language, t).GET('/api/v1/status'), t);
  return { url, token };
}

async function signIn(shell: Shell, url: string, options: Options): Promise<KeptLogin> {
  const { t, terminal } = shell;
  const named = text(options, 'username');
  if (named === undefined && !terminal.input.interactive) throw new WrongUsage(t('cli.usage.loginName'));
  const username = named ?? (await terminal.input.ask(t('cli.login.askName'), { secret: false })).trim();
  const about = { option: 'passwordStdin', question: t('cli.login.askPassword') } as const;
  const password = await readSecret(terminal, options, about, t);
  return makeToken(shell, url, { username, password });
}
