import type { Network, Nic, Server, TakenAddress } from '@wirebook/contract';
import type { Command } from 'commander';
import { formatInventory, inventoryOf } from '../inventories/ansible.ts';
import { netboxRows, netboxColumns } from '../inventories/netbox.ts';
import { fetchList, type FetchPage } from '../list.ts';
import { given, option, type Options, text } from '../options.ts';
import { formatCsv } from '../output/csv.ts';
import { formatJson } from '../output/json.ts';
import { type Column, printList } from '../output/print.ts';
import { formatYaml } from '../output/yaml.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

const fetchNetworks =
  (session: Session, options: Options): FetchPage<Network> =>
  (page) =>
    session.api.GET('/api/v1/networks', {
      params: { query: given({ ...page, space: text(options, 'space') }) },
    });
const fetchAddresses =
  (session: Session, options: Options): FetchPage<TakenAddress> =>
  (page) =>
    session.api.GET('/api/v1/addresses', {
      params: { query: given({ ...page, space: text(options, 'space') }) },
    });
const fetchNics =
  (session: Session, options: Options): FetchPage<Nic> =>
  (page) =>
    session.api.GET('/api/v1/nics', {
      params: { query: given({ ...page, account: text(options, 'account') }) },
    });
const fetchServers =
  (session: Session, options: Options): FetchPage<Server> =>
  (page) =>
    session.api.GET('/api/v1/servers', {
      params: { query: given({ ...page, account: text(options, 'account') }) },
    });

/** A list whole, page after page. */
function readAll<Row>(
  session: Session,
  options: Options,
  fetch: (session: Session, options: Options) => FetchPage<Row>,
): Promise<Row[]> {
  return fetchList(session, { limit: 'all' }, fetch(session, options));
}

const columnsOf = (fields: string): { field: string }[] => fields.split(' ').map((field) => ({ field }));
const networkColumns = columnsOf(
  'id name space.name family cidr start end prefixLength giving gateway dns domain ntp allocationPolicy restingSeconds wire.name additionalWires.wire.name companion.name description tags counts.total counts.used counts.reserved counts.resting counts.seen counts.free',
);
const addressColumns = columnsOf(
  'ip space.name network.name state server.name nic.mac holder.name holder.owner holder.mac holder.note key source since expiresAt',
);
const nicColumns = columnsOf(
  'id account.name server.name label deviceKey mac wire.name connected records.ip observed.ip reasons.code missingSince',
);

/** Lists as other programs take them, whole. */
export function addListExports(noun: Command, shell: Shell): void {
  const { t } = shell;
  const space = option(t, '--space <space>');
  const account = option(t, '--account <account>');
  const addTable = <Row extends object>(table: {
    name: 'networks' | 'addresses' | 'nics';
    filter: typeof space;
    columns: readonly Column<Row>[];
    fetch: (session: Session, options: Options) => FetchPage<Row>;
  }): void => {
    addVerb(noun, shell, {
      name: table.name,
      key: `export.${table.name}`,
      options: [table.filter],
      examples: [
        `wirebook export ${table.name} > ${table.name}.csv`,
        `wirebook export ${table.name} -o json > ${table.name}.json`,
      ],
      run: async (session, _operands, options) => {
        const { printer } = session;
        const rows = await readAll(session, options, table.fetch);
        printList({ ...printer, form: printer.form === 'table' ? 'csv' : printer.form }, rows, table.columns);
      },
    });
  };
  addTable({ name: 'networks', filter: space, columns: networkColumns, fetch: fetchNetworks });
  addTable({ name: 'addresses', filter: space, columns: addressColumns, fetch: fetchAddresses });
  addTable({ name: 'nics', filter: account, columns: nicColumns, fetch: fetchNics });
  addVerb(noun, shell, {
    name: 'ansible',
    key: 'export.ansible',
    options: [account],
    examples: ['wirebook export ansible > inventory.ini', 'wirebook export ansible -o yaml > inventory.yaml'],
    run: async (session, _operands, options) => {
      const { terminal, printer } = session;
      const { inventory, leftOut } = inventoryOf(await readAll(session, options, fetchServers));
      const format = { json: formatJson, yaml: formatYaml, table: null, csv: null }[printer.form];
      terminal.out.write(format === null ? formatInventory(inventory) : format(inventory));
      if (leftOut > 0) say(session, session.t('cli.export.withoutAddress', { count: leftOut }));
    },
  });
  addVerb(noun, shell, {
    name: 'netbox',
    key: 'export.netbox',
    options: [space],
    examples: ['wirebook export netbox > ip-addresses.csv', 'wirebook export netbox --space branch'],
    run: async (session, _operands, options) => {
      const rows = netboxRows({
        addresses: await readAll(session, options, fetchAddresses),
        networks: await readAll(session, options, fetchNetworks),
        servers: await readAll(session, {}, fetchServers),
      });
      session.terminal.out.write(
        formatCsv(
          netboxColumns,
          rows.map((row) => netboxColumns.map((column) => row[column])),
        ),
      );
    },
  });
}
