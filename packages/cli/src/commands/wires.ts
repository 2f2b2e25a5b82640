import type { Wire } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, given, option, text, wholeNumber } from '../options.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';
import { addWirePictureVerb } from './wire-picture.ts';

const kinds = ['standard', 'distributed', 'nsx'] as const;
const purposes = ['vm', 'vmkernel', 'uplink', 'any'] as const;

export function addWireCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'wire');
  addList<Wire>(noun, shell, {
    filters: [
      option(t, '--account <account>'),
      option(t, '--name <name>'),
      option(t, '--kind <kind>').choices(kinds),
      option(t, '--purpose <purpose>').choices(purposes),
      option(t, '--space <space>'),
      option(t, '--virtual-switch <switch>'),
      option(t, '--host <host>'),
      option(t, '--vlan <id>'),
      option(t, '--port-group-id <id>'),
    ],
    columns: [
      { field: 'name' },
      { field: 'datacenter' },
      { field: 'kind' },
      { field: 'vlan' },
      { field: 'virtualSwitch.name' },
      { field: 'counts.servers' },
      { field: 'counts.nics' },
      { field: 'counts.networks' },
      { field: 'space.name' },
      { field: 'account.name' },
      { field: 'missingSince' },
    ],
    examples: [
      'wirebook wire list',
      'wirebook wire list --account vc-berlin --vlan 120',
      'wirebook wire list --purpose any -o json',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/wires', {
        params: {
          query: given({
            ...page,
            account: text(options, 'account'),
            name: text(options, 'name'),
            kind: choice(options, 'kind', kinds),
            purpose: choice(options, 'purpose', purposes),
            space: text(options, 'space'),
            virtualSwitch: text(options, 'virtualSwitch'),
            host: text(options, 'host'),
            vlan: wholeNumber(options, 'vlan', session.t),
            portGroupId: text(options, 'portGroupId'),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'wire.show',
    arguments: ['<wire>'],
    examples: ['wirebook wire show "VM Network"'],
    run: async (session, [id = '']) => {
      printObject(
        session.printer,
        dataOf(await session.api.GET('/api/v1/wires/{id}', { params: { path: { id } } }), session.t),
      );
    },
  });
  addWirePictureVerb(noun, shell);
  addVerb(noun, shell, {
    name: 'update',
    key: 'wire.update',
    arguments: ['<wire>'],
    options: [option(t, '--space <space>', 'newSpace').makeOptionMandatory()],
    examples: ['wirebook wire update "VM Network" --space branch'],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.PATCH('/api/v1/wires/{id}', {
        params: { path: { id } },
        body: { space: text(options, 'space') ?? '' },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}
