import { setupMethods } from '@wirebook/contract';
import type { Command } from 'commander';
import { WrongUsage } from '../failures.ts';
import { readGuestSecrets } from '../guest-secrets.ts';
import { nicOptions, readNicWishes } from '../nic-wishes.ts';
import { idempotencyOption, runOperation, waitingOptions, waitSeconds } from '../operation-running.ts';
import { choice, given, isSet, option, text, wholeNumber } from '../options.ts';
import { diskSize, memorySize } from '../quantities.ts';
import { printServerPlan } from '../server-plan-report.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** `server create`: servers that come up with their addresses. */
export function addServerCreateVerb(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'create',
    key: 'server.create',
    arguments: ['<new-server>'],
    options: [
      option(t, '--from <template>', 'fromTemplate').makeOptionMandatory(),
      ...nicOptions(shell),
      option(t, '--cpu <n>'),
      option(t, '--memory <size>'),
      option(t, '--disk <size>'),
      option(t, '--host <host>', 'onHost'),
      option(t, '--cluster <cluster>', 'inCluster'),
      option(t, '--datastore <datastore>'),
      option(t, '--folder <path>'),
      option(t, '--pool <pool>'),
      option(t, '--linked'),
      option(t, '--host-name <name>'),
      option(t, '--setup <way>').choices(setupMethods),
      option(t, '--ssh-key <keys...>'),
      option(t, '--password-stdin', 'guestPasswordStdin'),
      // Known only to be refused with a reason.
      option(t, '--password <password>').hideHelp(),
      option(t, '--user-data <file>'),
      option(t, '--count <n>', 'serverCount'),
      option(t, '--no-power-on', 'noPowerOn'),
      option(t, '--keep-on-failure'),
      ...waitingOptions(shell),
      idempotencyOption(shell),
      option(t, '--dry-run', 'createDryRun'),
    ],
    examples: [
      'wirebook server create web-01 --from debian-12 --network web --dry-run',
      'wirebook server create web-01 --from debian-12 --network web=10.1.2.30 --cpu 2 --memory 4G --ssh-key ~/.ssh/id_ed25519.pub',
      'wirebook server create db-01 --from debian-12 --network "db@VM Network=10.1.3.5,fd00:3::5" --network backup --cluster prod',
      'wirebook server create web --count 3 --from debian-12 --tag env=prod --user-data first-boot.sh --no-wait',
      'wirebook server create win-01 --from win-2022 --network office --password-stdin < password.txt',
    ],
    run: async (session, [name = ''], options) => {
      const nics = readNicWishes(session, options);
      if (nics.length === 0) throw new WrongUsage(session.t('cli.usage.nicMissing'));
      const body = given({
        name,
        from: text(options, 'from') ?? '',
        nics,
        cpus: wholeNumber(options, 'cpu', session.t),
        memoryMib: memorySize(session, options, 'memory'),
        diskGib: diskSize(session, options, 'disk'),
        host: text(options, 'host'),
        cluster: text(options, 'cluster'),
        datastore: text(options, 'datastore'),
        resourcePool: text(options, 'pool'),
        folder: text(options, 'folder'),
        linked: isSet(options, 'linked') ? true : undefined,
        hostName: text(options, 'hostName'),
        setup: choice(options, 'setup', setupMethods),
        powerOn: options['powerOn'] === false ? false : undefined,
        keepOnFailure: isSet(options, 'keepOnFailure') ? true : undefined,
        waitSeconds: waitSeconds(session, options),
        count: wholeNumber(options, 'count', session.t),
        ...(await readGuestSecrets(session, options)),
      });
      await runOperation(session, options, {
        send: ({ headers, query }) =>
          session.api.POST('/api/v1/servers', { params: { query }, headers, body }),
        printPlan: (plan) => printServerPlan(session, plan),
      });
    },
  });
}
