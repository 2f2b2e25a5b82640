import type { Network, NetworkDeletion, NetworkInput } from '@wirebook/contract';
import type { Command, Option } from 'commander';
import { dataOf, requireDone } from '../api.ts';
import { WrongUsage } from '../failures.ts';
import { dryRunQuery, printEffect, readNetwork } from '../network-effect.ts';
import {
  choice,
  duration,
  given,
  isSet,
  option,
  text,
  textOrNone,
  texts,
  textsOrNone,
  wholeNumber,
  type Options,
} from '../options.ts';
import { printObject } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';
import { addNetworkAddressVerbs } from './network-addresses.ts';
import { addAllocationVerbs } from './network-allocation.ts';
import { addNetworkChangeVerbs } from './network-changes.ts';
import { addNetworkWiresVerb } from './network-wires.ts';

const policies = ['stepup', 'stepdown', 'random'] as const;

export function addNetworkCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'network');
  addNetworkList(noun, shell);
  addVerb(noun, shell, {
    name: 'show',
    key: 'network.show',
    arguments: ['<network>'],
    examples: ['wirebook network show web'],
    run: async (session, [id = '']) => {
      printObject(session.printer, await readNetwork(session, id));
    },
  });
  addVerb(noun, shell, {
    name: 'create',
    key: 'network.create',
    arguments: ['<name>'],
    options: [
      option(t, '--wire <wire>', 'primaryWire').makeOptionMandatory(),
      option(t, '--cidr <prefix>').conflicts(['start', 'end', 'prefix']),
      ...settings(shell),
    ],
    examples: [
      'wirebook network create web --wire "VM Network" --cidr 10.1.2.0/24 --gateway 10.1.2.1 --dns 10.1.0.53',
      'wirebook network create lab --wire lab --start 10.2.0.10 --end 10.2.0.99 --prefix 24 --dry-run',
    ],
    run: async (session, [name = ''], options) => {
      const body = given({
        name,
        wire: text(options, 'wire') ?? '',
        cidr: text(options, 'cidr'),
        ...readSettings(session, options, {}),
      });
      const answer = await session.api.POST('/api/v1/networks', {
        params: { query: dryRunQuery(options) },
        body,
      });
      printEffect(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
    },
  });
  addVerb(noun, shell, {
    name: 'update',
    key: 'network.update',
    arguments: ['<network>'],
    options: [option(t, '--name <name>', 'newName'), ...settings(shell)],
    examples: [
      'wirebook network update web --end 10.1.2.250 --dry-run',
      'wirebook network update web --gateway none --dns 10.1.0.53 10.1.0.54',
    ],
    run: async (session, [id = ''], options) => {
      const tags = texts(options, 'tag') === undefined ? {} : (await readNetwork(session, id)).tags;
      const body = given({
        name: text(options, 'name'),
        ...readSettings(session, options, tags),
      });
      if (Object.keys(body).length === 0) throw new WrongUsage(session.t('cli.usage.nothingToChange'));
      const answer = await session.api.PATCH('/api/v1/networks/{id}', {
        params: { path: { id }, query: dryRunQuery(options) },
        body,
      });
      printEffect(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
    },
  });
  addVerb(noun, shell, {
    name: 'delete',
    key: 'network.delete',
    arguments: ['<network>'],
    options: [option(t, '--dry-run')],
    examples: ['wirebook network delete lab --dry-run', 'wirebook network delete lab'],
    run: async (session, [id = ''], options) => {
      const path = { id };
      const looked = await session.api.DELETE('/api/v1/networks/{id}', {
        params: { path, query: { dryRun: 'true' } },
      });
      requireDone(looked, session.t);
      const deletion: NetworkDeletion | null = looked.data ?? null;
      if (!isSet(options, 'dryRun'))
        requireDone(await session.api.DELETE('/api/v1/networks/{id}', { params: { path } }), session.t);
      else say(session, session.t('cli.network.dryRun'));
      if (deletion !== null && isSet(options, 'dryRun')) return printObject(session.printer, deletion);
      const about = {
        name: id,
        records: deletion?.ends ?? 0,
        reservations: deletion?.reservations.length ?? 0,
      };
      say(session, session.t('cli.network.deleted', about));
    },
  });
  addNetworkChangeVerbs(noun, shell);
  addNetworkWiresVerb(noun, shell);
  addNetworkAddressVerbs(noun, shell);
  addAllocationVerbs(noun, shell);
}

function addNetworkList(noun: Command, shell: Shell): void {
  const { t } = shell;
  addList<Network>(noun, shell, {
    filters: [
      option(t, '--name <name>'),
      option(t, '--space <space>'),
      option(t, '--wire <wire>'),
      option(t, '--family <family>').choices(['4', '6']),
      option(t, '--ip <ip>', 'ipWithin'),
    ],
    columns: [
      { field: 'name' },
      { field: 'cidr' },
      { field: 'start' },
      { field: 'end' },
      { field: 'gateway' },
      { field: 'wire.name' },
      { field: 'additionalWires.wire.name' },
      { field: 'counts.used' },
      { field: 'counts.free' },
      { field: 'space.name' },
    ],
    examples: [
      'wirebook network list',
      'wirebook network list --ip 10.1.2.3',
      'wirebook network list -o csv',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/networks', {
        params: {
          query: given({
            ...page,
            name: text(options, 'name'),
            space: text(options, 'space'),
            wire: text(options, 'wire'),
            family: wholeNumber(options, 'family', session.t),
            ip: text(options, 'ip'),
          }),
        },
      }),
  });
}

function settings(shell: Shell): Option[] {
  const { t } = shell;
  return [
    option(t, '--start <ip>'),
    option(t, '--end <ip>'),
    option(t, '--prefix <length>'),
    option(t, '--give <parts...>'),
    option(t, '--gateway <ip>'),
    option(t, '--dns <ips...>'),
    option(t, '--domain <domain>'),
    option(t, '--ntp <servers...>'),
    option(t, '--policy <policy>').choices(policies),
    option(t, '--resting <duration>'),
    option(t, '--companion <network>'),
    option(t, '--description <text>'),
    option(t, '--tag <pairs...>'),
    option(t, '--dry-run'),
  ];
}

function readSettings(session: Session, options: Options, tags: Readonly<Record<string, string>>) {
  return {
    start: text(options, 'start'),
    end: text(options, 'end'),
    prefixLength: wholeNumber(options, 'prefix', session.t),
    giving: readGiving(session, options),
    gateway: textOrNone(options, 'gateway'),
    dns: textsOrNone(options, 'dns'),
    domain: textOrNone(options, 'domain'),
    ntp: textsOrNone(options, 'ntp'),
    allocationPolicy: choice(options, 'policy', policies),
    restingSeconds: duration(options, 'resting', session.t),
    companion: textOrNone(options, 'companion'),
    description: text(options, 'description'),
    tags: readTags(session, options, tags),
  };
}

/** `all`, `none`, or parts such as `10.1.2.10-10.1.2.99`, `10.1.2.120`. */
function readGiving(session: Session, options: Options): NetworkInput['giving'] {
  const parts = texts(options, 'give')?.flatMap((part) => part.split(','));
  if (parts === undefined) return undefined;
  const [first = ''] = parts;
  if (parts.length === 1 && (first === 'all' || first === 'none')) return first;
  return parts.map((part) => {
    const [start = '', end = start, ...rest] = part.split('-').map((side) => side.trim());
    if (start === '' || end === '' || rest.length > 0)
      throw new WrongUsage(session.t('cli.usage.giving', { value: part }));
    return { start, end };
  });
}

/** `key=value` sets a tag, `key=` takes it away. */
function readTags(
  session: Session,
  options: Options,
  tags: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const pairs = texts(options, 'tag');
  if (pairs === undefined) return undefined;
  const next = new Map(Object.entries(tags));
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (key === '') throw new WrongUsage(session.t('cli.usage.tag', { value: pair }));
    if (value === '') next.delete(key);
    else next.set(key, value);
  }
  return Object.fromEntries(next);
}
