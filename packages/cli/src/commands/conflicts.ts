import type { Conflict } from '@wirebook/contract';
import { resolutions } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { WrongUsage } from '../failures.ts';
import { choice, given, isSet, option, text, type Options } from '../options.ts';
import { printObject } from '../output/print.ts';
import { say, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const kinds = ['duplicate', 'moving'] as const;
const example = '0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55';

export function addConflictCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'conflict');
  const sideText = (side: Conflict['holders'][number]): string =>
    [side.server?.name ?? (side.holder?.name || t('reasons.nobody')), side.nic?.mac]
      .filter(Boolean)
      .join(' ');
  addList<Conflict>(noun, shell, {
    filters: [
      option(t, '--ip <ip>'),
      option(t, '--kind <kind>').choices(kinds),
      option(t, '--network <network>'),
      option(t, '--server <server>'),
      option(t, '--resolved').conflicts('all'),
      option(t, '--all', 'allConflicts'),
    ],
    columns: [
      { field: 'id' },
      { field: 'kind' },
      { field: 'ip' },
      { field: 'network.name' },
      { field: 'holders', show: (conflict) => conflict.holders.map(sideText) },
      { field: 'claimants', show: (conflict) => conflict.claimants.map(sideText) },
      { field: 'since' },
      { field: 'endedAt' },
      { field: 'proposal' },
      { field: 'resolution' },
      { field: 'resolvedAt' },
    ],
    examples: [
      'wirebook conflict list',
      'wirebook conflict list --kind moving --network web',
      'wirebook conflict list --ip 10.1.2.3 --all -o json',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/conflicts', {
        params: {
          query: given({
            ...page,
            ip: text(options, 'ip'),
            kind: choice(options, 'kind', kinds),
            network: text(options, 'network'),
            server: text(options, 'server'),
            resolved: whichResolved(options),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'conflict.show',
    arguments: ['<conflict>'],
    examples: [`wirebook conflict show ${example}`],
    run: async (session, [id = '']) => {
      const answer = await session.api.GET('/api/v1/conflicts/{id}', { params: { path: { id } } });
      const conflict = dataOf(answer, session.t);
      printObject(session.printer, conflict);
      if (session.printer.form === 'table' && conflict.resolution === null && conflict.endedAt === null)
        say(session, `${session.t('cli.problem.remedy')}: ${session.t('cli.why.resolve', { id })}`);
    },
  });
  addVerb(noun, shell, {
    name: 'resolve',
    key: 'conflict.resolve',
    arguments: ['<conflict>'],
    options: [
      option(t, '--keep', 'resolveKeep').conflicts(['give', 'share']),
      option(t, '--give', 'resolveGive').conflicts('share'),
      option(t, '--share', 'resolveShare'),
    ],
    examples: [`wirebook conflict resolve ${example} --keep`, `wirebook conflict resolve ${example} --share`],
    run: async (session, [id = ''], options) => {
      const resolution = resolutions.find((one) => isSet(options, one));
      if (resolution === undefined) throw new WrongUsage(session.t('cli.usage.resolution'));
      const answer = await session.api.POST('/api/v1/conflicts/{id}/resolve', {
        params: { path: { id } },
        body: { resolution },
      });
      const conflict = dataOf(answer, session.t);
      printObject(session.printer, conflict);
      say(session, session.t(`cli.resolution.${resolution}`, { ip: conflict.ip }));
    },
  });
}

function whichResolved(options: Options): 'true' | 'any' | undefined {
  if (isSet(options, 'all')) return 'any';
  return isSet(options, 'resolved') ? 'true' : undefined;
}
