import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failed } from '../failures.ts';
import { say, type Session } from '../session.ts';

/** The text of a file, or of standard input where its name is `-`, with line feeds as its only line ends. */
export async function readText(session: Session, file: string): Promise<string> {
  return (await readTextAsIs(session, file)).replaceAll(/\r\n?/g, '\n');
}

/** The same, with its line ends as they are. */
export async function readTextAsIs(session: Session, file: string): Promise<string> {
  const { terminal, t } = session;
  const bytes =
    file === '-'
      ? await terminal.input.readAll()
      : await readFile(resolve(terminal.workingFolder, file)).catch((error: NodeJS.ErrnoException) => {
          throw new Failed(t('cli.connection.unreadable', { path: file, cause: error.code }));
        });
  return decode(session, file, bytes);
}

/** UTF-8, UTF-16 with a byte order mark, or what Excel writes where Chinese is spoken. */
function decode(session: Session, file: string, bytes: Uint8Array): string {
  const { t } = session;
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const utf8 = decodeStrictly('utf-8', bytes);
  if (utf8 !== null) return utf8;
  const chinese = decodeStrictly('gb18030', bytes);
  if (chinese === null) throw new Failed(t('cli.file.encoding', { file }), t('cli.file.encodingRemedy'));
  // Other old encodings can pass for this one, so the reader is to know.
  say(session, t('cli.file.takenForChinese', { file }));
  return chinese;
}

function decodeStrictly(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
