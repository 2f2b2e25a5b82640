import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { Failed, WrongUsage } from '../failures.ts';
import { nicOptions, readAddresses, readNicWishes } from '../nic-wishes.ts';
import { idempotencyOption, runOperation, waitingOptions, waitSeconds } from '../operation-running.ts';
import { flagQuery, given, isSet, option, text } from '../options.ts';
import { visibleLine } from '../output/visible.ts';
import { printChangePlan } from '../server-plan-report.ts';
import type { Session, Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** `server delete`, `attach-nic`, `detach-nic`, `change-ip`: what becomes of a server afterwards. */
export function addServerChangeVerbs(noun: Command, shell: Shell): void {
  addAttach(noun, shell);
  addDetach(noun, shell);
  addChange(noun, shell);
  addDelete(noun, shell);
}

function addAttach(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'attach-nic',
    key: 'server.attachNic',
    arguments: ['<server>'],
    options: [
      ...nicOptions(shell),
      option(t, '--restart'),
      ...waitingOptions(shell),
      idempotencyOption(shell),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook server attach-nic web-01 --network backup --dry-run',
      'wirebook server attach-nic web-01 --network backup=10.9.0.7 --restart',
    ],
    run: async (session, [id = ''], options) => {
      const [nic, ...more] = readNicWishes(session, options);
      if (nic === undefined || more.length > 0) throw new WrongUsage(session.t('cli.usage.oneNic'));
      const body = given({
        ...nic,
        restart: isSet(options, 'restart') ? true : undefined,
        waitSeconds: waitSeconds(session, options),
      });
      await runOperation(session, options, {
        send: ({ headers, query }) =>
          session.api.POST('/api/v1/servers/{id}/nics', { params: { path: { id }, query }, headers, body }),
        printPlan: (plan) => printChangePlan(session, plan),
      });
    },
  });
}

function addDetach(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'detach-nic',
    key: 'server.detachNic',
    arguments: ['<server>', '<mac-or-ip>'],
    options: [option(t, '--no-wait', 'noWaitForOperation'), idempotencyOption(shell), option(t, '--dry-run')],
    examples: [
      'wirebook server detach-nic web-01 00:50:56:aa:00:01 --dry-run',
      'wirebook server detach-nic web-01 10.9.0.7',
    ],
    run: async (session, [id = '', nic = ''], options) => {
      const path = { id, mac: await macOf(session, id, nic) };
      await runOperation(session, options, {
        send: ({ headers, query }) =>
          session.api.DELETE('/api/v1/servers/{id}/nics/{mac}', { params: { path, query }, headers }),
        printPlan: (plan) => printChangePlan(session, plan),
      });
    },
  });
}

function addChange(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'change-ip',
    key: 'server.changeIp',
    arguments: ['<server>', '<mac-or-ip>', '[new-ip]'],
    options: [
      option(t, '--network <network>', 'toNetwork'),
      option(t, '--wire <wire>', 'toWire'),
      option(t, '--restart'),
      ...waitingOptions(shell),
      idempotencyOption(shell),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook server change-ip web-01 10.1.2.30 10.1.2.31 --dry-run',
      'wirebook server change-ip web-01 00:50:56:aa:00:01 --network dmz --restart',
      'wirebook server change-ip web-01 10.1.2.30 10.1.2.31,fd00:2::31',
    ],
    run: async (session, [id = '', nic = '', wished], options) => {
      const wish = wished === undefined ? {} : readAddresses(session, wished, wished);
      const path = { id, mac: await macOf(session, id, nic) };
      const body = given({
        ...wish,
        network: text(options, 'network'),
        wire: text(options, 'wire'),
        restart: isSet(options, 'restart') ? true : undefined,
        waitSeconds: waitSeconds(session, options),
      });
      await runOperation(session, options, {
        send: ({ headers, query }) =>
          session.api.PATCH('/api/v1/servers/{id}/nics/{mac}', { params: { path, query }, headers, body }),
        printPlan: (plan) => printChangePlan(session, plan),
      });
    },
  });
}

function addDelete(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'delete',
    key: 'server.delete',
    arguments: ['<server>'],
    options: [
      option(t, '--power-off'),
      option(t, '--no-wait', 'noWaitForOperation'),
      idempotencyOption(shell),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook server delete web-01 --dry-run',
      'wirebook server delete web-01',
      'wirebook server delete web-01 --power-off',
    ],
    run: async (session, [id = ''], options) => {
      await runOperation(session, options, {
        send: ({ headers, query }) =>
          session.api.DELETE('/api/v1/servers/{id}', {
            params: { path: { id }, query: given({ ...query, powerOff: flagQuery(options, 'powerOff') }) },
            headers,
          }),
        printPlan: (plan) => printChangePlan(session, plan),
      });
    },
  });
}

const MAC = /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})$/i;

/** The MAC of the server's NIC that is named by it, or by an address that it has or shows. */
async function macOf(session: Session, server: string, nic: string): Promise<string> {
  if (MAC.test(nic)) return nic;
  const { t } = session;
  const answer = await session.api.GET('/api/v1/nics', { params: { query: { server, ip: nic, limit: 10 } } });
  const macs = dataOf(answer, t).items.flatMap(({ mac }) => mac ?? []);
  const [mac] = macs;
  const params = { server: visibleLine(server), nic: visibleLine(nic), macs: macs.join(', ') };
  if (mac === undefined)
    throw new Failed(t('cli.server.noSuchNic', params), t('cli.server.noSuchNicRemedy', params));
  if (macs.length > 1)
    throw new Failed(t('cli.server.severalNics', params), t('cli.server.severalNicsRemedy'));
  return mac;
}
