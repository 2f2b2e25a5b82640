import { readCsv } from '../../ui/csv-reading.ts';

interface FixRow {
  readonly line: number;
  readonly server: string;
  readonly mac?: string;
  readonly ip?: string;
}

type ReadFixes =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'no_server'; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: FixRow[] };

/** The rows of a table whose first line names its columns; columns that aren't asked for are passed over. */
export function readFixes(text: string): ReadFixes {
  const [head, ...rows] = readCsv(text);
  if (head === undefined) return { kind: 'nothing' };
  const columns = head.cells.map((name) => name.toLowerCase());
  const at = { server: columns.indexOf('server'), mac: columns.indexOf('mac'), ip: columns.indexOf('ip') };
  if (at.server < 0) return { kind: 'no_server', columns: head.cells };
  return {
    kind: 'rows',
    rows: rows.map(({ line, cells }) => {
      const mac = cells[at.mac] ?? '';
      const ip = cells[at.ip] ?? '';
      return {
        line,
        // What an export guards from being taken for a formula is the name again without the guard.
        server: (cells[at.server] ?? '').replace(/^'(?=[=+\-@])/, ''),
        ...(mac !== '' && { mac }),
        ...(ip !== '' && { ip }),
      };
    }),
  };
}
