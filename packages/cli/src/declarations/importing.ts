import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { declarationKinds, type ImportedDeclarations } from '@wirebook/contract';
import { dataOf } from '../api.ts';
import { Failed, Refused, type SourceFile } from '../failures.ts';
import { Malformed } from '../import-file/file-row.ts';
import { parseJson } from '../import-file/json.ts';
import { readText } from '../import-file/text.ts';
import { flagQuery, isSet, type Options, texts } from '../options.ts';
import { listTable, printList, printObject } from '../output/print.ts';
import { visible, visibleLine } from '../output/visible.ts';
import { say, type Session } from '../session.ts';
import { mapAccounts } from './account-map.ts';
import { readFolder } from './folder.ts';
import { placeInJson, placeInTables } from './places.ts';

/** A document, and where the parts of it stand that something is said of. */
interface Source {
  readonly document: unknown;
  readonly placesOf: (fields: readonly string[]) => NonNullable<SourceFile['placeOf']>;
}

/** Takes a document, or the tables of a folder, over into the controller. */
export async function importDeclarations(session: Session, path: string, options: Options): Promise<void> {
  const { t } = session;
  const source = await readSource(session, path);
  const document = await mapAccounts(session, source.document, texts(options, 'accountMap') ?? []);
  const answer = await session.api.POST('/api/v1/imports/declarations', {
    params: {
      query: {
        ...flag(options, 'dryRun'),
        ...flag(options, 'overwrite'),
        ...flag(options, 'skipMissing'),
      },
    },
    // Whatever it is: the controller holds it against its schema, and says what is wrong by its place.
    body: document as { format: 'wirebook-declarations'; version: 1 },
  });
  let done: ImportedDeclarations;
  try {
    done = dataOf(answer, t);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const fields = (error.problem.errors ?? []).map(({ field }) => field);
    throw new Refused(error.problem, { file: path, lines: [], placeOf: source.placesOf(fields) });
  }
  printImported(session, done, source.placesOf(done.notes.map(({ field }) => field)));
  if (isSet(options, 'dryRun')) say(session, t('cli.done.dryRun'));
}

function flag<const Name extends string>(options: Options, name: Name): { [Key in Name]?: 'true' } {
  const value = flagQuery(options, name);
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: 'true' });
}

async function readSource(session: Session, path: string): Promise<Source> {
  const { t, terminal } = session;
  const isFolder = await stat(resolve(terminal.workingFolder, path)).then(
    (found) => path !== '-' && found.isDirectory(),
    () => false,
  );
  if (isFolder) {
    const { document, items } = await readFolder(session, path);
    return { document, placesOf: () => placeInTables(items) };
  }
  const text = await readText(session, path);
  try {
    return { document: parseJson(text, t), placesOf: (fields) => placeInJson(path, text, fields) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Failed(`${path}:${error.line}: ${error.message}`, t('cli.export.documentTaken'));
  }
}

function printImported(
  session: Session,
  done: ImportedDeclarations,
  placeOf: NonNullable<SourceFile['placeOf']>,
): void {
  const { printer, terminal, t } = session;
  const rows = declarationKinds.map((kind) => ({ kind: t(`cli.declared.${kind}`), ...done.counts[kind] }));
  const columns = (['kind', 'created', 'updated', 'unchanged', 'skipped'] as const).map((field) => ({
    field,
  }));
  if (printer.form === 'csv' && printer.fields === null) printList(printer, rows, columns);
  else if (printer.form !== 'table' || printer.fields !== null) printObject(printer, done);
  else terminal.out.write(listTable(printer, rows, columns));
  for (const { field, value, message } of done.notes) {
    const place = placeOf(field);
    const what = [place?.field ?? field, typeof value === 'string' ? value : '']
      .filter((part) => part !== '')
      .join(' ');
    const where = place === null ? '' : `${visibleLine(place.file)}:${place.line}: `;
    say(session, `${where}${visibleLine(what)}: ${visible(message)}`);
  }
  const { settles, ends, conflicts } = done;
  say(session, t('cli.declared.effect', { settles, ends, conflicts }));
}
