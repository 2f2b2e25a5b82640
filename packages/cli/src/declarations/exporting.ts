import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { resolve } from 'node:path';
import { declarations } from '@wirebook/contract';
import { dataOf } from '../api.ts';
import { Failed, WrongUsage } from '../failures.ts';
import { isSet, type Options, text } from '../options.ts';
import { say, type Session } from '../session.ts';
import { unwritable, writeFolder, writeTables } from './folder.ts';

/** Writes all that people declared: the document as it comes, or a folder of tables. */
export async function exportDeclarations(session: Session, file: string, options: Options): Promise<void> {
  const { t, printer } = session;
  const folder = text(options, 'csv');
  const force = isSet(options, 'force');
  if (folder !== undefined) {
    if (file !== '-')
      throw new WrongUsage(t('cli.usage.conflictingOptions', { what: '--csv', second: file }));
    const parsed = declarations.safeParse(dataOf(await session.api.GET('/api/v1/declarations'), t));
    if (!parsed.success) throw new Failed(t('cli.export.newerDocument'));
    await writeFolder(session, folder, { files: writeTables(parsed.data), force });
    say(session, t('cli.export.written', { path: folder }));
    return;
  }
  if (printer.form === 'csv' || printer.form === 'yaml')
    throw new WrongUsage(t('cli.usage.exportForm', { form: printer.form }));
  if (file === '-') {
    for await (const piece of await readDocument(session)) session.terminal.out.write(piece);
    return;
  }
  await writeDocument(session, file, { force });
  say(session, t('cli.export.written', { path: file }));
}

/** The document, piece by piece as it comes: it may be large. */
async function readDocument(session: Session): Promise<AsyncIterable<string>> {
  const answer = await session.api.GET('/api/v1/declarations', { parseAs: 'stream' });
  const stream = dataOf<unknown>(answer, session.t);
  return decode(session, stream instanceof ReadableStream ? stream : new ReadableStream<Uint8Array>());
}

async function* decode(
  { t, connection }: Session,
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const piece of stream) yield escaped(decoder.decode(piece, { stream: true }));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Failed(t('cli.connection.unreachable', { url: connection.url, cause }));
  }
  yield escaped(decoder.decode());
}

/** What a terminal would obey, as JSON writes it besides: the texts are the same. */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** All of it or nothing: what breaks off leaves the file as it was. */
async function writeDocument(session: Session, file: string, options: { force: boolean }): Promise<void> {
  const { t, terminal } = session;
  const path = resolve(terminal.workingFolder, file);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there && !options.force)
    throw new Failed(t('cli.export.exists', { path: file }), t('cli.export.existsRemedy'));
  const document = await readDocument(session);
  const unfinished = `${path}.part`;
  try {
    const out = createWriteStream(unfinished);
    // What goes wrong between two pieces is told by the next one, or in the end.
    out.on('error', () => undefined);
    for await (const piece of document)
      if (!out.write(piece) && !out.destroyed) await Promise.race([once(out, 'drain'), once(out, 'close')]);
    out.end();
    await finished(out);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error instanceof Failed ? error : unwritable(session, file, error);
  }
}
