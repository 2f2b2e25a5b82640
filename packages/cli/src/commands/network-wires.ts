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
      option(t, '--set [wires...]').conflicts(['add', 'remove']),
      option(t, '--add <wires...>'),
      option(t, '--remove <wires...>'),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook network wires web',
      'wirebook network wires web --add "VM Network 2"',
      'wirebook network wires web --set dmz-a dmz-b --dry-run',
    ],
    run: async (session, [id = ''], options) => {
      const set = texts(options, 'set');
      const [add, remove] = [texts(options, 'add'), texts(options, 'remove')];
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

function changed(
  session: Session,
  network: Network,
  add: readonly string[],
  remove: readonly string[],
): string[] {
  const declared = network.additionalWires
    .filter(({ origin }) => origin === 'declared')
    .map(({ wire }) => wire);
  const removed = new Set(remove.map((name) => declaredId(session, network, declared, name)));
  const kept = declared.map((wire) => wire.id).filter((id) => !removed.has(id));
  return [...kept, ...add];
}

function declaredId(session: Session, network: Network, declared: readonly Ref[], name: string): string {
  const fitting = declared.filter((wire) => wire.id === name || wire.name === name);
  const [only] = fitting;
  const names = { wire: name, network: network.name };
  if (only === undefined)
    throw new Failed(session.t('cli.wires.notDeclared', names), session.t('cli.wires.notDeclaredRemedy'));
  if (fitting.length > 1)
    throw new Failed(
      session.t('cli.wires.ambiguous', { ...names, ids: fitting.map((wire) => wire.id).join(', ') }),
    );
  return only.id;
}

interface WireRow {
  wire: Ref;
  origin: string;
  evidence: string[];
  contradiction: string | null;
}

function printWires(session: Session, network: Network): void {
  const say = (evidence: Network['suggestedWires'][number]['evidence']): string[] =>
    evidence.map(({ server, ip }) => `${server.name} ${ip}`);
  const rows: WireRow[] = [
    { wire: network.wire, origin: 'primary', evidence: [], contradiction: null },
    ...network.additionalWires.map(({ wire, origin, evidence }) => ({
      wire,
      origin,
      evidence: say(evidence),
      contradiction: null,
    })),
    ...network.suggestedWires.map(({ wire, evidence, contradiction }) => ({
      wire,
      origin: 'suggested',
      evidence: say(evidence),
      contradiction,
    })),
    ...network.excludedWires.map(({ wire }) => ({
      wire,
      origin: 'excluded',
      evidence: [],
      contradiction: null,
    })),
  ];
  printList(session.printer, rows, [
    { field: 'wire.name' },
    { field: 'origin' },
    { field: 'evidence' },
    { field: 'contradiction' },
  ]);
}
