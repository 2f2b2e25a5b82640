import type { ServerInput } from '@wirebook/contract';
import { Failed, WrongUsage } from './failures.ts';
import { readTextAsIs } from './import-file/text.ts';
import { given, isSet, text, texts, type Options } from './options.ts';
import { readSecret } from './secrets.ts';
import type { Session } from './session.ts';

/** What the guest is told beside its addresses: password, keys, and what it runs at its first boot. */
export async function readGuestSecrets(
  session: Session,
  options: Options,
): Promise<Pick<ServerInput, 'password' | 'sshKeys' | 'userData'>> {
  const { t, terminal } = session;
  if (options['password'] !== undefined) throw new WrongUsage(t('cli.usage.passwordOption'));
  const file = text(options, 'userData');
  const asked = isSet(options, 'passwordStdin');
  if (asked && file === '-' && !terminal.input.interactive) throw new WrongUsage(t('cli.usage.oneStdin'));
  const about = { option: 'passwordStdin', question: t('cli.server.askPassword') } as const;
  const password = asked ? await readSecret(terminal, options, about, t) : undefined;
  const userData = file === undefined ? undefined : await readTextAsIs(session, file);
  const keys = texts(options, 'sshKey');
  const sshKeys =
    keys === undefined ? undefined : (await Promise.all(keys.map((key) => readKeys(session, key)))).flat();
  return given({ password, sshKeys, userData });
}

/** The beginning of a public key as OpenSSH writes it. */
const KEY = /^(?:ssh-|ecdsa-|sk-)\S+ \S+/;

/** A public key itself, or those of a file: one a line, as in authorized_keys. */
async function readKeys(session: Session, value: string): Promise<string[]> {
  if (KEY.test(value.trim())) return [value.trim()];
  const refusePrivate = (file: string): Failed =>
    new Failed(session.t('cli.server.privateKey', { file }), session.t('cli.server.privateKeyRemedy'));
  // Given as text it must not come back in a message.
  if (value.includes('PRIVATE KEY')) throw refusePrivate('--ssh-key');
  const content = await readTextAsIs(session, value);
  if (content.includes('PRIVATE KEY')) throw refusePrivate(value);
  const lines = content
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new Failed(session.t('cli.server.noKey', { file: value }));
  return lines;
}
