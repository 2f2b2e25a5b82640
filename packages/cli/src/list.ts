import type { Command } from 'commander';
import type { Translate } from '@wirebook/contract';
import { dataOf } from './api.ts';
import { WrongUsage } from './failures.ts';
import { option, text, type Options } from './options.ts';
import { say, type Session } from './session.ts';

/** The most that a page holds. */
const PAGE = 500;
/** What a table shows unless told otherwise: more than this is for a program to read, or for a filter. */
const TABLE_ROWS = 100;

export interface PageQuery {
  limit: number;
  cursor?: string;
  sort?: string;
  q?: string;
}

interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
  total: number | null;
}

export type FetchPage<Row> = (
  query: PageQuery,
) => Promise<{ data?: Page<Row>; error?: unknown; response: Response }>;

export function addListOptions(command: Command, t: Translate): void {
  command
    .addOption(option(t, '-q, --search <text>'))
    .addOption(option(t, '--sort <fields>'))
    .addOption(option(t, '--limit <n>'));
}

/**
 * Reads a list page by page, up to `--limit` (a number, or `all`). Without it a table has its first 100 rows, anything else all.
 * Says on stderr when there is more.
 */
export async function fetchList<Row>(
  session: Session,
  options: Options,
  fetchPage: FetchPage<Row>,
): Promise<Row[]> {
  const limit = rowLimit(session, options);
  const [sort, q] = [text(options, 'sort'), text(options, 'search')];
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = dataOf(
      await fetchPage({
        limit: Math.min(PAGE, limit - rows.length),
        ...(cursor === null ? {} : { cursor }),
        ...(sort === undefined ? {} : { sort }),
        ...(q === undefined ? {} : { q }),
      }),
      session.t,
    );
    rows.push(...page.items);
    cursor = page.nextCursor;
    if (cursor !== null && rows.length >= limit) {
      const more = page.total === null ? 'cli.list.more' : 'cli.list.moreOf';
      say(session, session.t(more, { shown: rows.length, total: page.total }));
      break;
    }
  } while (cursor !== null);
  return rows;
}

function rowLimit(session: Session, options: Options): number {
  const given = text(options, 'limit');
  if (given === undefined) return session.printer.form === 'table' ? TABLE_ROWS : Number.POSITIVE_INFINITY;
  if (given === 'all') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new WrongUsage(session.t('cli.usage.limit', { value: given }));
}
