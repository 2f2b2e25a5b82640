import type { Network, Ref } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { Failed, WrongUsage } from '../failures.ts';
import { dryRunQuery, printEffect, readNetwork } from '../network-effect.ts';
import { isSet, option, texts, type Options } from '../options.ts';
import { printList } from '../output/print.ts';
import type { Session, Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** `network wires`: shows the wires of a network, or changes those that are declared. */
export function addNetworkWiresVerb(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'wires',
    key: 'network.wires',
    arguments: ['<network>'],
    options: [
      option(t, '--set [wires...]').conflicts(['add', 'remove', 'exclude', 'include']),
      option(t, '--add <wires...>').conflicts(['exclude', 'include']),
      option(t, '--remove <wires...>').conflicts(['exclude', 'include']),
      option(t, '--exclude <wires...>'),
      option(t, '--include <wires...>'),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook network wires web',
      'wirebook network wires web --add "VM Network 2"',
      'wirebook network wires web --set dmz-a dmz-b --dry-run',
      'wirebook network wires web --exclude restore-test',
    ],
    run: async (session, [id = ''], options) => {
      const set = texts(options, 'set');
      const [add, remove] = [texts(options, 'add'), texts(options, 'remove')];
      const [exclude, include] = [texts(options, 'exclude'), texts(options, 'include')];
      if (exclude !== undefined || include !== undefined)
        return excludeWires(session, id, { exclude: exclude ?? [], include: include ?? [] }, options);
      if (set === undefined && add === undefined && remove === undefined) {
        if (isSet(options, 'dryRun')) throw new WrongUsage(session.t('cli.usage.nothingToChange'));
        return printWires(session, await readNetwork(session, id));
      }
      const wires = set ?? changed(session, await readNetwork(session, id), add ?? [], remove ?? []);
      await declareWires(session, id, wires, options);
    },
  });
}

/** Declares the additional wires of a network: what was declared before is replaced. */
export async function declareWires(
  session: Session,
  id: string,
  wires: readonly string[],
  options: Options,
): Promise<void> {
  const answer = await session.api.PUT('/api/v1/networks/{id}/additional-wires', {
    params: { path: { id }, query: dryRunQuery(options) },
    body: { wires: [...wires] },
  });
  printEffect(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
}

/** Excludes wires from a network for good, or takes that back. */
async function excludeWires(
  session: Session,
  id: string,
  change: { exclude: readonly string[]; include: readonly string[] },
  options: Options,
): Promise<void> {
  const network = await readNetwork(session, id);
  const excluded = network.excludedWires.map(({ wire }) => wire);
  const back = new Set(
    change.include.map((name) => listedId(session, network, excluded, name, 'notExcluded')),
  );
  const kept = excluded.map((wire) => wire.id).filter((one) => !back.has(one));
  const answer = await session.api.PUT('/api/v1/networks/{id}/excluded-wires', {
    params: { path: { id }, query: dryRunQuery(options) },
    body: { wires: [...kept, ...change.exclude.map((name) => namedWire(network, name))] },
  });
  printEffect(session, dataOf(answer, session.t), { dryRun: isSet(options, 'dryRun') });
}

function changed(
  session: Session,
  network: Network,
  add: readonly string[],
  remove: readonly string[],
): string[] {
  const declared = network.additionalWires
    .filter(({ origin }) => origin === 'declared')
    .map(({ wire }) => wire);
  const removed = new Set(remove.map((name) => listedId(session, network, declared, name, 'notDeclared')));
  const kept = declared.map((wire) => wire.id).filter((id) => !removed.has(id));
  return [...kept, ...add.map((name) => namedWire(network, name))];
}

/** A name that several wires have means the one that the network knows already, if it is one alone. */
function namedWire(network: Network, name: string): string {
  const known = [...network.additionalWires, ...network.suggestedWires, ...network.excludedWires];
  const fitting = known.filter(({ wire }) => wire.name === name);
  const [only] = fitting;
  return only === undefined || fitting.length > 1 ? name : only.wire.id;
}

/** The one of the listed wires that is meant. `none` is the catalogue's word for there being none. */
function listedId(
  session: Session,
  network: Network,
  listed: readonly Ref[],
  name: string,
  none: 'notDeclared' | 'notExcluded',
): string {
  const fitting = listed.filter((wire) => wire.id === name || wire.name === name);
  const [only] = fitting;
  const names = { wire: name, network: network.name };
  if (only === undefined)
    throw new Failed(session.t(`cli.wires.${none}`, names), session.t(`cli.wires.${none}Remedy`));
  if (fitting.length > 1)
    throw new Failed(
      session.t('cli.wires.ambiguous', { ...names, ids: fitting.map((wire) => wire.id).join(', ') }),
    );
  return only.id;
}

interface WireRow {
  wire: Ref;
  origin: string;
  servers: number | null;
  evidence: string[];
  note: string | null;
  contradiction: string | null;
}

const nothing = { servers: null, evidence: [], note: null, contradiction: null };

function printWires(session: Session, network: Network): void {
  const say = (evidence: Network['suggestedWires'][number]['evidence']): string[] =>
    evidence.map(({ server, ip }) => `${server.name} ${ip}`);
  const rows: WireRow[] = [
    { ...nothing, wire: network.wire, origin: 'primary' },
    ...network.additionalWires.map((one) => ({
      ...one,
      evidence: say(one.evidence),
      contradiction: null,
    })),
    ...network.suggestedWires.map((one) => ({
      ...one,
      origin: 'suggested',
      evidence: say(one.evidence),
    })),
    ...network.excludedWires.map(({ wire }) => ({ ...nothing, wire, origin: 'excluded' })),
  ];
  printList(session.printer, rows, [
    { field: 'wire.name' },
    { field: 'origin' },
    { field: 'servers' },
    { field: 'evidence' },
    { field: 'note' },
    { field: 'contradiction' },
  ]);
}
