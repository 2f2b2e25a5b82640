import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { dataOf, openApi } from '../api.ts';
import { checkUrl, loginFile } from '../connection.ts';
import { option, text, type Options } from '../options.ts';
import { readSecret } from '../secrets.ts';
import type { Shell } from '../session.ts';
import { addLocalVerb } from '../verbs.ts';

/** Keeps the address of a controller and a token for it, after it was tried. */
export function addLoginCommand(program: Command, shell: Shell): void {
  const { t, terminal } = shell;
  addLocalVerb(program, shell, {
    name: 'login',
    key: 'login',
    options: [
      option(t, '--url <url>').makeOptionMandatory(),
      option(t, '--token-stdin'),
      option(t, '--lang <language>').choices(['zh', 'en']),
    ],
    examples: ['wirebook login --url https://wirebook.example --token-stdin < token.txt'],
    run: async (command) => {
      const options = command.opts<Options>();
      const url = checkUrl(text(options, 'url') ?? '', t);
      const about = { option: 'tokenStdin', question: t('cli.login.askToken') } as const;
      const token = (await readSecret(terminal, options, about, t)).trim();
      const api = openApi({ url, token, source: '--url' }, shell.language, t);
      dataOf(await api.GET('/api/v1/status'), t);
      const path = loginFile(terminal);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Written beside and moved over, so that the file is whole and never open to others.
      const draft = `${path}.${process.pid}`;
      await writeFile(draft, `${JSON.stringify({ url, token }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      await rename(draft, path);
      terminal.messages.write(`${t('cli.login.done', { url, path })}\n`);
    },
  });
}
