import type { CloudAccount, CloudAccountPatch, PreviewInput } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf, requireDone } from '../api.ts';
import { askForTrust, seeAccountCertificate, seeCertificate, trustSeen } from '../certificate.ts';
import { Failed, WrongUsage } from '../failures.ts';
import { choice, duration, given, isSet, option, text, type Options } from '../options.ts';
import { printObject } from '../output/print.ts';
import { readSecret } from '../secrets.ts';
import { say, type Session, type Shell } from '../session.ts';
import { followSync } from '../sync-following.ts';
import { printSync } from '../sync-report.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';
import { addAccountPrivilegesVerb } from './account-privileges.ts';

const kinds = ['vcenter', 'esxi'] as const;
const statuses = ['new', 'ok', 'unreachable', 'refused', 'untrusted', 'failed'] as const;

export function addAccountCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'account');
  addAccountAdd(noun, shell);
  addAccountUpdate(noun, shell);
  addAccountSync(noun, shell);
  addList<CloudAccount>(noun, shell, {
    filters: [
      option(t, '--kind <kind>', 'accountKind').choices(kinds),
      option(t, '--status <status>').choices(statuses),
    ],
    columns: [
      { field: 'name' },
      { field: 'kind' },
      { field: 'url' },
      { field: 'version' },
      { field: 'status' },
      { field: 'enabled' },
      { field: 'lastCompleteSyncAt' },
    ],
    examples: ['wirebook account list', 'wirebook account list --status unreachable'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/cloud-accounts', {
        params: {
          query: given({
            ...page,
            kind: choice(options, 'kind', kinds),
            status: choice(options, 'status', statuses),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'account.show',
    arguments: ['<account>'],
    examples: ['wirebook account show vc-berlin'],
    run: async (session, [id = '']) => {
      printObject(session.printer, await readAccount(session, id));
    },
  });
  addVerb(noun, shell, {
    name: 'test',
    key: 'account.test',
    arguments: ['<account>'],
    examples: ['wirebook account test vc-berlin'],
    run: async (session, [id = '']) => {
      const answer = await session.api.POST('/api/v1/cloud-accounts/{id}/test', {
        params: { path: { id } },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'remove',
    key: 'account.remove',
    arguments: ['<account>'],
    examples: ['wirebook account remove vc-berlin'],
    run: async (session, [id = '']) => {
      requireDone(
        await session.api.DELETE('/api/v1/cloud-accounts/{id}', { params: { path: { id } } }),
        session.t,
      );
      say(session, session.t('cli.done.deleted', { name: id }));
    },
  });
  addAccountPrivilegesVerb(noun, shell);
}

async function readAccount(session: Session, id: string): Promise<CloudAccount> {
  const answer = await session.api.GET('/api/v1/cloud-accounts/{id}', { params: { path: { id } } });
  return dataOf(answer, session.t);
}

function trustOptions(shell: Shell) {
  const { t } = shell;
  return [
    option(t, '--trust <sha256>').conflicts(['trustSeen', 'insecure']),
    option(t, '--trust-seen').conflicts(['insecure']),
    option(t, '--insecure'),
    // Known only to be refused with a reason.
    option(t, '--password <password>').hideHelp(),
  ];
}

function refusePasswordOption(session: Session, options: Options): void {
  if (options['password'] !== undefined) throw new WrongUsage(session.t('cli.usage.passwordOption'));
}

function addAccountAdd(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'add',
    key: 'account.add',
    arguments: ['<name>'],
    ownUrl: true,
    options: [
      option(t, '--url <url>', 'vcenterUrl').makeOptionMandatory(),
      option(t, '--username <user>').makeOptionMandatory(),
      option(t, '--password-stdin'),
      ...trustOptions(shell),
      option(t, '--preview'),
      option(t, '--space <space>', 'accountSpace'),
      option(t, '--every <duration>'),
    ],
    examples: [
      'wirebook account add vc-berlin --url https://vc.example/sdk --username administrator@vsphere.local --password-stdin --trust-seen < password.txt',
      'wirebook account add vc-berlin --url https://vc.example/sdk --username reader@vsphere.local --preview',
    ],
    run: async (session, [name = ''], options) => {
      refusePasswordOption(session, options);
      const syncEvery = duration(options, 'every', session.t);
      const connection = {
        url: text(options, 'url') ?? '',
        username: text(options, 'username') ?? '',
        password: await readPassword(session, options),
      };
      const trusted = given({ ...connection, ...(await chooseTrust(session, connection, options)) });
      if (isSet(options, 'preview')) {
        const answer = await session.api.POST('/api/v1/cloud-accounts/preview', { body: trusted });
        printObject(session.printer, dataOf(answer, session.t));
        return;
      }
      const answer = await session.api.POST('/api/v1/cloud-accounts', {
        body: given({ name, ...trusted, space: text(options, 'space'), syncEvery }),
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}

function readPassword(session: Session, options: Options): Promise<string> {
  const about = { option: 'passwordStdin', question: session.t('cli.account.askPassword') } as const;
  return readSecret(session.terminal, options, about, session.t);
}

/** What the flags say; on a terminal without any the person is asked; else an authority must vouch for the certificate. */
async function chooseTrust(
  session: Session,
  connection: PreviewInput,
  options: Options,
): Promise<Pick<PreviewInput, 'trust' | 'insecure'>> {
  if (isSet(options, 'insecure')) return { insecure: true };
  const sha256 = text(options, 'trust');
  if (sha256 !== undefined) return { trust: { sha256 } };
  const seen = isSet(options, 'trustSeen');
  const { input, messages } = session.terminal;
  if (!seen && !(input.interactive && messages.interactive)) return { trust: null };
  const { certificate, vouchedFor } = await seeCertificate(session, connection);
  if (vouchedFor) return { trust: null };
  if (seen) return { trust: trustSeen(session, certificate) };
  const trust = await askForTrust(session, certificate);
  if (trust === null) throw new Failed(session.t('cli.certificate.refused'));
  return { trust };
}

function addAccountUpdate(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'update',
    key: 'account.update',
    arguments: ['<account>'],
    ownUrl: true,
    options: [
      option(t, '--name <name>', 'newName'),
      option(t, '--url <url>', 'vcenterUrl'),
      option(t, '--username <user>'),
      option(t, '--password-stdin'),
      ...trustOptions(shell),
      option(t, '--space <space>', 'accountSpace'),
      option(t, '--every <duration>'),
      option(t, '--enable').conflicts(['disable']),
      option(t, '--disable'),
    ],
    examples: [
      'wirebook account update vc-berlin --every 30m',
      'wirebook account update vc-berlin --password-stdin < password.txt',
      'wirebook account update vc-berlin --trust-seen',
    ],
    run: async (session, [id = ''], options) => {
      refusePasswordOption(session, options);
      const url = text(options, 'url');
      const username = text(options, 'username');
      const password = isSet(options, 'passwordStdin') ? await readPassword(session, options) : undefined;
      const body = given({
        name: text(options, 'name'),
        url,
        username,
        password,
        ...(await chooseNewTrust(session, id, options, { url, username, password })),
        space: text(options, 'space'),
        syncEvery: duration(options, 'every', session.t),
        enabled: isSet(options, 'enable') ? true : isSet(options, 'disable') ? false : undefined,
      });
      if (Object.keys(body).length === 0) {
        if (!isSet(options, 'trustSeen')) throw new WrongUsage(session.t('cli.usage.nothingToChange'));
        printObject(session.printer, await readAccount(session, id));
        return;
      }
      const answer = await session.api.PATCH('/api/v1/cloud-accounts/{id}', {
        params: { path: { id } },
        body,
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}

async function chooseNewTrust(
  session: Session,
  id: string,
  options: Options,
  changed: { url: string | undefined; username: string | undefined; password: string | undefined },
): Promise<Pick<CloudAccountPatch, 'trust' | 'insecure'>> {
  const sha256 = text(options, 'trust');
  if (sha256 !== undefined) return { trust: { sha256 }, insecure: false };
  if (isSet(options, 'insecure')) return { insecure: true };
  if (!isSet(options, 'trustSeen')) return {};
  const account = await readAccount(session, id);
  if (changed.password !== undefined) {
    const { certificate, vouchedFor } = await seeCertificate(session, {
      url: changed.url ?? account.url,
      username: changed.username ?? account.username,
      password: changed.password,
    });
    return vouchedFor
      ? { trust: null, insecure: false }
      : { trust: trustSeen(session, certificate), insecure: false };
  }
  // A test with what is kept reaches the known address only, and an account that takes any certificate passes it anyway.
  if (changed.url !== undefined || account.insecure)
    throw new WrongUsage(session.t('cli.account.trustSeenNeedsPassword'));
  const certificate = await seeAccountCertificate(session, account);
  if (certificate === null) {
    say(session, session.t('cli.certificate.trustedAlready'));
    return {};
  }
  return { trust: trustSeen(session, certificate), insecure: false };
}

function addAccountSync(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'sync',
    key: 'account.sync',
    arguments: ['<account>'],
    options: [option(t, '--dry-run'), option(t, '--no-wait', 'noWait')],
    examples: [
      'wirebook account sync vc-berlin',
      'wirebook account sync vc-berlin --dry-run -o json',
      'wirebook account sync vc-berlin --no-wait',
    ],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.POST('/api/v1/cloud-accounts/{id}/sync', {
        params: { path: { id } },
        body: { dryRun: isSet(options, 'dryRun') },
      });
      const started = dataOf(answer, session.t);
      if (options['wait'] === false) return printSync(session, started);
      const ended = await followSync(session, started);
      if (ended === null) session.endWith(1);
      else printSync(session, ended);
    },
  });
}
