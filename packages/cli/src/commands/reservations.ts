import type { Reservation } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf, requireDone } from '../api.ts';
import { expiryOptions, readExpiry } from '../expiry.ts';
import { WrongUsage } from '../failures.ts';
import { choice, given, isSet, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const kinds = ['reserved', 'dhcp'] as const;
const example = '0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55';

export function addReservationCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'reservation');
  addList<Reservation>(noun, shell, {
    filters: [
      option(t, '--network <network>'),
      option(t, '--kind <kind>').choices(kinds),
      option(t, '--ip <ip>', 'reservedIp'),
    ],
    columns: [
      { field: 'id' },
      { field: 'network.name' },
      { field: 'kind' },
      { field: 'start' },
      { field: 'end' },
      { field: 'count' },
      { field: 'note' },
      { field: 'expiresAt' },
    ],
    examples: ['wirebook reservation list', 'wirebook reservation list --network web --kind dhcp'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/reservations', {
        params: {
          query: given({
            ...page,
            network: text(options, 'network'),
            kind: choice(options, 'kind', kinds),
            ip: text(options, 'ip'),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'add',
    key: 'reservation.add',
    arguments: ['<network>', '<range>'],
    options: [option(t, '--note <text>', 'note'), option(t, '--dhcp'), ...expiryOptions(t)],
    examples: [
      'wirebook reservation add web 10.1.2.240-10.1.2.250 --note "for the new firewall"',
      'wirebook reservation add web 10.1.2.100-10.1.2.199 --dhcp',
      'wirebook reservation add web 10.1.2.9 --for 2d',
    ],
    run: async (session, [network = '', range = ''], options) => {
      const answer = await session.api.POST('/api/v1/reservations', {
        body: given({
          network,
          ...readRange(session, range),
          kind: isSet(options, 'dhcp') ? ('dhcp' as const) : undefined,
          note: text(options, 'note'),
          expiresAt: readExpiry(options, session.t),
        }),
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'reservation.show',
    arguments: ['<reservation>'],
    examples: [`wirebook reservation show ${example}`],
    run: async (session, [id = '']) => {
      const answer = await session.api.GET('/api/v1/reservations/{id}', { params: { path: { id } } });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'update',
    key: 'reservation.update',
    arguments: ['<reservation>'],
    options: [
      option(t, '--kind <kind>', 'newKind').choices(kinds),
      option(t, '--start <ip>', 'newStart'),
      option(t, '--end <ip>', 'newEnd'),
      option(t, '--note <text>', 'note'),
      ...expiryOptions(t),
    ],
    examples: [
      `wirebook reservation update ${example} --end 10.1.2.254`,
      `wirebook reservation update ${example} --until none --note "stays"`,
    ],
    run: async (session, [id = ''], options) => {
      const body = given({
        kind: choice(options, 'kind', kinds),
        start: text(options, 'start'),
        end: text(options, 'end'),
        note: text(options, 'note'),
        expiresAt: readExpiry(options, session.t),
      });
      if (Object.keys(body).length === 0) throw new WrongUsage(session.t('cli.usage.nothingToChange'));
      const answer = await session.api.PATCH('/api/v1/reservations/{id}', {
        params: { path: { id } },
        body,
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'remove',
    key: 'reservation.remove',
    arguments: ['<reservation>'],
    examples: [`wirebook reservation remove ${example}`],
    run: async (session, [id = '']) => {
      requireDone(
        await session.api.DELETE('/api/v1/reservations/{id}', { params: { path: { id } } }),
        session.t,
      );
      say(session, session.t('cli.done.removed', { name: id }));
    },
  });
}

/** `10.1.2.240-10.1.2.250`, or one address. No address holds a hyphen. */
function readRange(session: Session, range: string): { start: string; end?: string } {
  const [start = '', end, ...rest] = range.split('-').map((side) => side.trim());
  if (start === '' || end === '' || rest.length > 0)
    throw new WrongUsage(session.t('cli.usage.range', { value: range }));
  return { start, ...(end === undefined ? {} : { end }) };
}
