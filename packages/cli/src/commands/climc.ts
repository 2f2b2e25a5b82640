import type { Command } from 'commander';
import { option, texts } from '../options.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';
import { declareWires } from './network-wires.ts';
import { fixServer } from './server-fixing.ts';

/** The commands that administrators know by heart, under the name they know them by. */
export function addClimcCommands(program: Command, shell: Shell): void {
  addVerb(program, shell, {
    name: 'network-sync-additional-wires',
    key: 'climc.networkSyncAdditionalWires',
    arguments: ['<network>'],
    options: [option(shell.t, '--wire-ids <wires...>').makeOptionMandatory()],
    examples: [
      'climc network-sync-additional-wires web --wire-ids dmz-a --wire-ids dmz-b',
      'climc network-sync-additional-wires web --wire-ids dmz-a dmz-b',
    ],
    run: async (session, [id = ''], options) => {
      // An empty id takes all declared wires away.
      const wires = (texts(options, 'wireIds') ?? []).filter((wire) => wire !== '');
      await declareWires(session, id, wires, options);
    },
  });
  addVerb(program, shell, {
    name: 'server-sync-fix-nics',
    key: 'climc.serverSyncFixNics',
    arguments: ['<server>', '<addresses...>'],
    options: [option(shell.t, '--dry-run')],
    examples: [
      'climc server-sync-fix-nics web-01 10.1.2.3 10.1.2.4',
      'climc server-sync-fix-nics web-01 10.1.2.3 --dry-run',
    ],
    run: (session, [id = '', ...addresses], options) => fixServer(session, id, addresses, options),
  });
}
