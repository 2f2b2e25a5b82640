import type { Translate, WirePicture } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { given, option, text } from '../options.ts';
import { cellText } from '../output/cells.ts';
import { columnTitle, listTable, printObject, type Column } from '../output/print.ts';
import { visible, visibleLine } from '../output/visible.ts';
import type { Session, Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

type PictureHost = WirePicture['hosts'][number];

/** One wire from IP subnet to physical switch port. */
export function addWirePictureVerb(noun: Command, shell: Shell): void {
  addVerb(noun, shell, {
    name: 'picture',
    key: 'wire.picture',
    arguments: ['<wire>'],
    options: [option(shell.t, '--server <server>', 'pathOf')],
    examples: [
      'wirebook wire picture "VM Network"',
      'wirebook wire picture sh-web --server web-01',
      'wirebook wire picture sh-web -o json',
    ],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.GET('/api/v1/wires/{id}/picture', {
        params: { path: { id }, query: given({ server: text(options, 'server') }) },
      });
      printPicture(session, dataOf(answer, session.t));
    },
  });
}

/** The networks, the hosts one by one with their uplinks and what disagrees, the physical switches. JSON and YAML have it as the API does. */
function printPicture(session: Session, picture: WirePicture): void {
  const { printer, terminal } = session;
  if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, picture);
  const { wire, networks, hosts, summary, path } = picture;
  const parts = [
    listTable(
      printer,
      [wire],
      [
        { field: 'name' },
        { field: 'kind' },
        { field: 'vlan' },
        { field: 'virtualSwitch.name' },
        { field: 'hosts', show: () => summary.hosts },
        { field: 'servers', show: () => summary.servers },
      ],
    ),
    ...section(session, 'networks', networks, [
      { field: 'name' },
      { field: 'cidr' },
      { field: 'gateway' },
      { field: 'origin' },
      { field: 'servers' },
    ]),
    ...section(session, 'path', path ?? [], [
      { field: 'mac', show: ({ nic }) => nic.mac },
      { field: 'ips', show: ({ ips }) => ips.map(({ ip }) => ip) },
      { field: 'host.name' },
      { field: 'uplinks' },
      {
        field: 'neighbours',
        show: ({ neighbours }) => neighbours.map((one) => `${one.switch} ${one.port}`),
      },
    ]),
    ...hosts.map((host) => hostPart(session, host)),
    ...section(session, 'physicalSwitches', summary.physicalSwitches, [
      { field: 'switch' },
      { field: 'ports' },
    ]),
  ];
  return terminal.out.write(parts.join('\n'));
}

function hostPart(session: Session, host: PictureHost): string {
  const { printer, t } = session;
  const uplinks =
    host.uplinks.length === 0
      ? ''
      : listTable(printer, host.uplinks, [
          { field: 'name' },
          { field: 'role' },
          { field: 'device' },
          { field: 'up' },
          { field: 'speedMbps' },
          { field: 'switch', show: ({ neighbour }) => neighbour?.switch },
          { field: 'port', show: ({ neighbour }) => neighbour?.port },
        ]);
  const problems = host.problems.map((problem) => `- ${visible(problem.text)}\n`).join('');
  return `${titleOf(host, t)}\n${uplinks}${problems}`;
}

/** `esx-01 (10.0.0.11): vSwitch0, VLAN 120, SERVERS 3`. */
function titleOf({ host, vlan, servers, ...rest }: PictureHost, t: Translate): string {
  const facts = [
    ...(rest.switch === null ? [] : [visibleLine(rest.switch.name)]),
    `${columnTitle('vlan', t)} ${cellText(vlan, t)}`,
    `${columnTitle('servers', t)} ${servers}`,
  ];
  const address = host.managementIp === null ? '' : ` (${host.managementIp})`;
  return `${visibleLine(host.name)}${address}: ${facts.join(', ')}`;
}

function section<Row extends object>(
  session: Session,
  title: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string[] {
  if (rows.length === 0) return [];
  return [`${columnTitle(title, session.t)}\n${listTable(session.printer, rows, columns)}`];
}
