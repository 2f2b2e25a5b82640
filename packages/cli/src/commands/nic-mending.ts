import { type Mending, reasonCodes } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { Failed, WrongUsage } from '../failures.ts';
import { dryRunQuery } from '../network-effect.ts';
import { given, isSet, option, text, texts, type Options } from '../options.ts';
import { groupText } from '../output/groups.ts';
import { listTable, printObject } from '../output/print.ts';
import { visibleLine } from '../output/visible.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** `nic mend`: many at once, seen before it is done. */
export function addNicMendVerb(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'mend',
    key: 'nic.mend',
    options: [
      option(t, '--reason <codes...>', 'mendReason').choices(reasonCodes),
      option(t, '--wire <wires...>', 'mendWires'),
      option(t, '--network <networks...>', 'mendNetworks'),
      option(t, '--account <account>'),
      option(t, '--suggested'),
      option(t, '--dry-run').conflicts('yes'),
      option(t, '-y, --yes'),
    ],
    examples: [
      'wirebook nic mend --dry-run',
      'wirebook nic mend --reason outside_range --network web',
      'wirebook nic mend --wire "VM Network 2" --suggested --yes',
    ],
    run: async (session, _operands, options) => {
      const narrowed = [texts(options, 'wire'), texts(options, 'network')].some((one) => one !== undefined);
      if (isSet(options, 'suggested') && !narrowed)
        throw new WrongUsage(session.t('cli.usage.suggestedWhich'));
      if (isSet(options, 'dryRun') || isSet(options, 'yes'))
        return printMending(session, await mend(session, options, dryRunQuery(options)));
      if (await agreed(session, options)) printMending(session, await mend(session, options, {}));
    },
  });
}

async function mend(session: Session, options: Options, query: { dryRun?: 'true' }): Promise<Mending> {
  const reasons = texts(options, 'reason');
  const answer = await session.api.POST('/api/v1/nics/mend', {
    params: { query },
    body: given({
      reason: reasons === undefined ? undefined : reasonCodes.filter((code) => reasons.includes(code)),
      wires: texts(options, 'wire'),
      networks: texts(options, 'network'),
      account: text(options, 'account'),
      suggested: isSet(options, 'suggested') ? true : undefined,
    }),
  });
  return dataOf(answer, session.t);
}

/** Shows what would be done and asks; false where there is nothing to do. */
async function agreed(session: Session, options: Options): Promise<boolean> {
  const { t, terminal } = session;
  const { input, messages } = terminal;
  if (!(input.interactive && messages.interactive)) throw new WrongUsage(t('cli.usage.mendUnasked'));
  const preview = await mend(session, options, { dryRun: 'true' });
  if (preview.wires.length + preview.ranges.length === 0) {
    printMending(session, preview);
    return false;
  }
  say(session, t('cli.network.dryRun'));
  messages.write(mendingText(session, preview));
  const answer = await input.ask(t('cli.mend.ask'), { secret: false });
  if (!t('cli.mend.yes').split(' ').includes(answer.trim().toLowerCase()))
    throw new Failed(t('cli.mend.declined'));
  return true;
}

function printMending(session: Session, mending: Mending): void {
  const { printer, terminal, t } = session;
  if (mending.dryRun) say(session, t('cli.network.dryRun'));
  if (printer.form !== 'table' || printer.fields !== null) printObject(printer, mending);
  else terminal.out.write(mendingText(session, mending));
}

function mendingText(session: Session, mending: Mending): string {
  const { t, printer } = session;
  const { wires, ranges, refused, remaining, settled, conflicts, awaitingNetwork } = mending;
  const parts: string[] = [];
  const table = <Row extends object>(
    title: string,
    rows: readonly Row[],
    fields: readonly string[],
  ): void => {
    if (rows.length === 0) return;
    const shown = listTable(
      printer,
      rows,
      fields.map((field) => ({ field })),
    );
    parts.push(`${title}\n${shown}`);
  };
  table(t('cli.mend.wires'), wires, ['network.name', 'wire.name', 'origin', 'nics']);
  table(t('cli.mend.ranges'), ranges, ['network.name', 'before', 'after', 'nics']);
  const done = wires.length + ranges.length;
  const counts = [
    done === 0 ? t('cli.mend.nothing') : t('cli.mend.settled', { count: settled }),
    ...(conflicts > 0 ? [t('cli.mend.conflicts', { count: conflicts })] : []),
    ...(awaitingNetwork > 0 ? [t('cli.mend.awaiting', { count: awaitingNetwork })] : []),
  ];
  parts.push(`${counts.join('\n')}\n`);
  if (refused.length > 0) {
    const items = refused.map(({ text: line, ips, remedy }) => ({
      line: visibleLine(`${line} (${ips.join(', ')})`),
      remedy,
    }));
    parts.push(groupText(session, { title: t('cli.mend.refused'), head: null, items }));
  }
  table(t('cli.mend.remaining'), remaining, ['code', 'nics', 'text']);
  return parts.join('\n');
}
