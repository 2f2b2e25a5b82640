import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, Input, Spin } from 'antd';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api.ts';
import { useClearing } from './clearing.tsx';
import { csvOf, saveFile } from './csv.ts';
import { useFilters } from './filters.ts';
import { ListRow, ListHead, type Column } from './list-rows.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { useTyped } from './typed.ts';

export type { Column } from './list-rows.tsx';

/** What every list of the API takes. */
export interface ListQuery {
  limit: number;
  cursor?: string;
  sort?: string;
  q?: string;
}

interface PageOf<Row> {
  items: Row[];
  nextCursor: string | null;
  total: number | null;
}

type FetchPage<Row> = (
  query: ListQuery,
  signal: AbortSignal | undefined,
) => Promise<{ data?: PageOf<Row>; error?: unknown; response: Response }>;

const PAGE = 200;
const EXPORT_PAGE = 500;
const ROW_HEIGHT = 40;

/**
 * A list of the API: searched, sorted and filtered by what stands in the address, read page by page while one scrolls, of which only the rows in view
 * are drawn, and exported as it is shown.
 */
export function List<Row extends { id: string }>(props: {
  /** What the list is of, for screen readers and as the file's name: "Servers". */
  label: string;
  /** Tells this list's content from others': the resource and every filter. */
  queryKey: readonly unknown[];
  fetchPage: FetchPage<Row>;
  columns: readonly Column<Row>[];
  /** Which row is which, where it isn't its id. */
  rowKey?: (row: Row) => string;
  /** Controls that narrow the list, beside the search field. */
  filters?: ReactNode;
  /** Without it the list has no search field. */
  searchLabel?: string;
  /** Buttons for what is on show. */
  actions?: ReactNode;
  empty: ReactNode;
  /** The most that the list takes of the page's height, as CSS; without it what is left of the window. */
  height?: string;
  selected?: { readonly ids: ReadonlySet<string>; readonly change: (ids: ReadonlySet<string>) => void };
}): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const { q, sort } = filters;
  const wanted = {
    ...(q !== undefined && q !== '' && { q }),
    ...(sort !== undefined && sort !== '' && { sort }),
  };
  const pages = useInfiniteQuery({
    queryKey: [...props.queryKey, wanted],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      ask(
        props.fetchPage({ limit: PAGE, ...(pageParam !== null && { cursor: pageParam }), ...wanted }, signal),
      ),
    getNextPageParam: (last) => last.nextCursor,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const total = pages.data?.pages[0]?.total ?? null;
  const scroller = useRef<HTMLDivElement>(null);
  const { columns } = props;
  const keyOf = props.rowKey ?? ((row: Row) => row.id);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - PAGE / 2) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, rows.length]);

  const exporting = useExport(props.label, columns, (cursor) =>
    ask(props.fetchPage({ limit: EXPORT_PAGE, ...(cursor !== null && { cursor }), ...wanted }, undefined)),
  );
  const selectable = props.selected !== undefined;
  // The same as long as the columns are: a row is drawn again only when something of it changes.
  const grid = useMemo(
    () => ({
      gridTemplateColumns: [
        ...(selectable ? ['40px'] : []),
        ...columns.map(({ width = 'minmax(120px, 1fr)' }) => width),
      ].join(' '),
    }),
    [columns, selectable],
  );
  return (
    <div className="wb-list">
      <div className="wb-list-tools">
        {props.searchLabel !== undefined && (
          <SearchField
            label={props.searchLabel}
            value={q ?? ''}
            onChange={(text) => setFilters({ q: text })}
          />
        )}
        {props.filters}
        <span className="wb-list-count" role="status">
          {pages.isSuccess &&
            (total === null && pages.hasNextPage
              ? t('common.rowsOfMore', { rows: rows.length })
              : t('common.rows', { count: total ?? rows.length }))}
        </span>
        <span className="wb-grow" />
        {props.actions}
        <Button onClick={exporting.start} loading={exporting.busy}>
          {t('common.exportCsv')}
        </Button>
      </div>
      {exporting.error !== null && <ProblemNotice error={exporting.error} />}
      {pages.isError && <ProblemNotice error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && <Spin aria-label={t('common.loading')} />}
      {pages.isSuccess && rows.length === 0 && props.empty}
      {rows.length > 0 && (
        <div
          ref={scroller}
          className="wb-list-scroller"
          style={props.height === undefined ? undefined : { maxHeight: props.height }}
          role="region"
          aria-label={props.label}
          tabIndex={0}
        >
          <div
            role="table"
            aria-label={props.label}
            aria-rowcount={(total ?? rows.length) + 1}
            className="wb-table"
          >
            <ListHead
              columns={columns}
              grid={grid}
              sort={sort}
              onSort={(wantedSort) => setFilters({ sort: wantedSort })}
              {...(props.selected !== undefined && {
                selected: props.selected,
                all: rows.map(keyOf),
              })}
            />
            <div role="rowgroup" className="wb-table-body" style={{ height: virtual.getTotalSize() }}>
              {shown.map((item) => {
                const row = rows[item.index];
                return row === undefined ? null : (
                  <ListRow
                    key={keyOf(row)}
                    id={keyOf(row)}
                    row={row}
                    columns={columns}
                    grid={grid}
                    index={item.index}
                    top={item.start}
                    height={ROW_HEIGHT}
                    selected={props.selected}
                  />
                );
              })}
            </div>
          </div>
        </div>
      )}
    </div>
  );
}

/** Waits with the question until the typing pauses. */
function SearchField(props: { label: string; value: string; onChange: (text: string) => void }): ReactNode {
  const clearing = useClearing();
  const [typed, setTyped] = useTyped(props.value, props.onChange);
  return (
    <Input
      allowClear={clearing}
      className="wb-list-search"
      aria-label={props.label}
      placeholder={props.label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

/** Everything that the list holds, not only what has been scrolled to. */
function useExport<Row>(
  label: string,
  columns: readonly Column<Row>[],
  read: (cursor: string | null) => Promise<PageOf<Row>>,
) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const rows: Row[] = [];
      let cursor: string | null = null;
      do {
        const page: PageOf<Row> = await read(cursor);
        rows.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      const written = columns.filter(({ csv }) => csv !== undefined);
      saveFile(
        `${label}.csv`,
        csvOf(
          written.map(({ title }) => title),
          rows.map((row) => written.map(({ csv }) => csv?.(row) ?? '')),
        ),
      );
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, start: () => void run() };
}
