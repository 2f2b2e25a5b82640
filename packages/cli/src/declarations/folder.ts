import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Declarations, declarationKinds } from '@wirebook/contract';
import { Failed } from '../failures.ts';
import { checkColumns } from '../import-file/csv.ts';
import { type FileShape, Malformed } from '../import-file/file-row.ts';
import { readTextAsIs } from '../import-file/text.ts';
import type { Session } from '../session.ts';
import { type Cells, openCells } from './cells.ts';
import { networkWires, type Row, type Table, tables } from './tables.ts';
import { readVerbatim, writeVerbatim } from './verbatim-csv.ts';

/** The text of each file that a document is, by name. */
export function writeTables(document: Declarations): Map<string, string> {
  const files = new Map<string, string>();
  const put = (table: { file: string; columns: readonly string[] }, rows: readonly Row[]): void => {
    files.set(
      table.file,
      writeVerbatim(
        table.columns,
        rows.map((row) => table.columns.map((column) => String(row[column] ?? ''))),
      ),
    );
  };
  const write = <Item>(table: Table<Item>, items: readonly Item[]): void =>
    put(table, items.map(table.write));
  write(tables.spaces, document.spaces);
  write(tables.accounts, document.accounts);
  write(tables.wires, document.wires);
  write(tables.networks, document.networks);
  put(networkWires, document.networks.flatMap(networkWires.write));
  write(tables.reservations, document.reservations);
  write(tables.sharedAddresses, document.sharedAddresses);
  write(tables.holders, document.holders);
  write(tables.nicAddresses, document.nicAddresses);
  write(tables.keptConflicts, document.keptConflicts);
  return files;
}

/** Writes all files of a folder, or none where one of them is there already and may not be written over. */
export async function writeFolder(
  session: Session,
  folder: string,
  work: { files: ReadonlyMap<string, string>; force: boolean },
): Promise<void> {
  const { t, terminal } = session;
  const place = resolve(terminal.workingFolder, folder);
  if (!work.force) {
    for (const name of work.files.keys()) {
      const there = await access(join(place, name)).then(
        () => true,
        () => false,
      );
      if (there)
        throw new Failed(t('cli.export.exists', { path: join(folder, name) }), t('cli.export.existsRemedy'));
    }
  }
  try {
    await mkdir(place, { recursive: true });
    for (const [name, text] of work.files) await writeFile(join(place, name), text);
  } catch (error) {
    throw unwritable(session, folder, error);
  }
}

export function unwritable({ t }: Session, path: string, error: unknown): Failed {
  const cause = error instanceof Error && 'code' in error ? error.code : String(error);
  return new Failed(t('cli.export.unwritable', { path, cause }));
}

/** A request made of tables, and where each of its items came from. */
export interface TablesRead {
  readonly document: Record<string, unknown>;
  readonly items: ReadonlyMap<string, { file: string; line: number }>;
}

/** Reads the tables of a folder. Each may lack, but not all. */
export async function readFolder(session: Session, folder: string): Promise<TablesRead> {
  const { t } = session;
  const names = (await readdir(resolve(session.terminal.workingFolder, folder)))
    .filter((name) => name.toLowerCase().endsWith('.csv'))
    .toSorted();
  const known: string[] = [...Object.values(tables), networkWires].map((table) => table.file);
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined || names.length === 0)
    throw new Failed(
      strange === undefined
        ? t('cli.export.noTables', { path: folder })
        : t('cli.export.unknownTable', { path: join(folder, strange) }),
      t('cli.export.tablesTaken', { files: known.join(', ') }),
    );
  const texts = new Map<string, string>();
  for (const name of names) texts.set(name, await readTextAsIs(session, join(folder, name)));
  return readTables(session, texts, folder);
}

/** Reads the texts of tables by the names of their files. Throws {@link Failed} with the line of what can't be read. */
export function readTables(
  session: Pick<Session, 't'>,
  texts: ReadonlyMap<string, string>,
  folder: string,
): TablesRead {
  const items = new Map<string, { file: string; line: number }>();
  const document: Record<string, unknown> = { format: 'wirebook-declarations', version: 1 };
  const networks = new Map<string, { place: string; item: object }>();
  for (const kind of declarationKinds) {
    const table = tables[kind];
    const file = join(folder, table.file);
    const text = texts.get(table.file);
    if (text === undefined) continue;
    document[kind] = readRows(session, file, text, table).map(({ cells, item }, index) => {
      const place = `${kind}[${index}]`;
      items.set(place, { file, line: cells.line });
      if (kind === 'networks')
        networks.set(networkKey(cells.word('space'), cells.word('name')), { place, item });
      return item;
    });
  }
  const text = texts.get(networkWires.file);
  if (text !== undefined) addWires(session, { file: join(folder, networkWires.file), text, networks, items });
  return { document, items };
}

function networkKey(space: string | undefined, name: string | undefined): string {
  return `${space}\n${name}`;
}

const lists: Readonly<Record<string, 'declaredWires' | 'excludedWires'>> = {
  declared: 'declaredWires',
  excluded: 'excludedWires',
};

/** Puts the wires of their own table to the networks that have them. */
function addWires(
  session: Pick<Session, 't'>,
  read: {
    file: string;
    text: string;
    networks: ReadonlyMap<string, { place: string; item: object }>;
    items: Map<string, { file: string; line: number }>;
  },
): void {
  const { t } = session;
  const { file, networks, items } = read;
  const wires = new Map<object, { declaredWires: object[]; excludedWires: object[] }>();
  for (const { item } of networks.values()) {
    const own = { declaredWires: [], excludedWires: [] };
    wires.set(item, own);
    Object.assign(item, own);
  }
  for (const { cells, item } of readRows(session, file, read.text, networkWires)) {
    const { space, network, origin, wire } = item;
    const list = lists[origin];
    const found = networks.get(networkKey(space, network));
    const own = found === undefined ? undefined : wires.get(found.item);
    if (list === undefined || found === undefined || own === undefined)
      throw new Failed(
        `${file}:${cells.line}: ${
          list === undefined
            ? t('cli.export.notAnOrigin', { value: origin })
            : t('cli.export.noSuchNetwork', { network, space, file: tables.networks.file })
        }`,
      );
    items.set(`${found.place}.${list}[${own[list].length}]`, { file, line: cells.line });
    own[list].push(wire);
  }
}

function readRows<Item>(
  session: Pick<Session, 't'>,
  file: string,
  text: string,
  table: FileShape & { read: (cells: Cells) => Item },
): { cells: Cells; item: Item }[] {
  const { t } = session;
  try {
    const [head, ...rows] = readVerbatim(text, delimiterOf(text, table.columns), t);
    if (head === undefined) return [];
    const titles = head.cells.map((title) => title.trim());
    // Excel doesn't care for case, and neither does whoever types a title.
    const columns = titles.map(
      (title) => table.columns.find((column) => column.toLowerCase() === title.toLowerCase()) ?? title,
    );
    checkColumns(columns, table, head.line, t);
    return rows.map((row) => {
      const beyond = row.cells.some((cell, index) => cell !== '' && (columns[index] ?? '') === '');
      if (beyond)
        throw new Malformed(
          t('cli.file.moreCells', { cells: row.cells.length, columns: columns.length }),
          row.line,
        );
      const cells = openCells(columns, row, t);
      return { cells, item: table.read(cells) };
    });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Failed(
      error.line === null ? `${file}: ${error.message}` : `${file}:${error.line}: ${error.message}`,
      t('cli.file.taken', { columns: table.columns.join(','), needed: table.needed.join(', ') }),
    );
  }
}

/** What divides the first line into the most columns that are known. */
function delimiterOf(text: string, columns: readonly string[]): string {
  const [head = ''] = text.split(/[\r\n]/, 1);
  const titles = new Set(columns.map((column) => column.toLowerCase()));
  const known = (delimiter: string): number =>
    head.split(delimiter).filter((title) => titles.has(title.trim().replaceAll('"', '').toLowerCase()))
      .length;
  return [',', ';', '\t'].toSorted((one, other) => known(other) - known(one))[0] ?? ',';
}
