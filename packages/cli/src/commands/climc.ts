import type { Command } from 'commander';
import { option, texts } from '../options.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';
import { declareWires } from './network-wires.ts';

/** The command that administrators know by heart, under the name they know it by. */
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
}
