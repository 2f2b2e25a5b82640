import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Spin } from 'antd';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { useFilters } from '../../../ui/filters.ts';
import { Section } from '../../../ui/page.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { AddressGrid } from './address-grid.tsx';
import { Legend } from './legend.tsx';
import { type Span, nameOf, readIp, readSpan, writeIp } from './ip-numbers.ts';
import { Peek } from './peek.tsx';
import { RunsTable } from './runs-table.tsx';
import { SelectedPanel } from './selected-panel.tsx';
import { queryOf, Way } from './way.tsx';
import { cellBits, cellCount, wayTo, windowAsked, windowOf } from './windows.ts';
import './grid.css';

type Network = Schemas['Network'];
const WIDE_PX = 1250;

/** The addresses of a network: the grid, what is selected in it, and beneath a table of the same. */
export function NetworkAddresses(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const [filters] = useFilters();
  const { network } = props;
  const range = readSpan(network.start, network.end);
  if (range === null) return null;
  const { from, to, at } = filters;
  const asked = readSpan(from ?? '', to ?? '');
  const point = readIp(at ?? from ?? '');
  const inside =
    point !== null && point.family === range.family && point.value >= range.start && point.value <= range.end;
  const window = asked === null && inside ? windowOf(range, point.value) : windowAsked(range, asked);
  return (
    <>
      <Section title={t('networks.grid.title')}>
        <Way network={network} range={range} window={window} />
        <GridPart network={network} range={range} window={window} />
      </Section>
      <RunsTable network={network} range={range} window={window} />
    </>
  );
}

function GridPart(props: { network: Network; range: Span; window: Span }): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { network, range, window } = props;
  const [from, to] = [writeIp(range.family, window.start), writeIp(range.family, window.end)];
  const cells = cellCount(window);
  const grid = useQuery({
    queryKey: ['network', network.id, 'blocks', from, to],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/networks/{id}/blocks', {
          params: { path: { id: network.id }, query: { from, to, cells } },
          signal,
        }),
      ),
  });
  const [peeked, setPeeked] = useState<number | null>(null);
  const focusNext = useRef(false);
  const { columns, measure } = useColumns();
  const blocks = grid.data;
  const shown = blocks === undefined ? null : readSpan(blocks.start, blocks.end);
  const bits = blocks === undefined ? 0n : BigInt(BigInt(blocks.cellSize).toString(2).length - 1);
  const { at, till } = filters;
  const selected = useMemo(() => selectedIn(blocks, at, till), [blocks, at, till]);

  const select = useCallback(
    (first: number, last: number) => {
      const [begin, end] = [blocks?.items[first], blocks?.items[last]];
      if (begin === undefined || end === undefined) return;
      change({ at: begin.start, till: end.end === begin.start ? undefined : end.end });
    },
    [blocks, change],
  );
  const zoom = useCallback(
    (span: Span, by: 'key' | 'pointer') => {
      focusNext.current = by === 'key';
      change({ from: undefined, to: undefined, ...queryOf(range, span), at: undefined, till: undefined });
    },
    // The range is read anew with every drawing, but is the same as long as the network is.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [change, network.start, network.end],
  );
  const open = useCallback(
    (nr: number, by: 'key' | 'pointer') => {
      const block = blocks?.items[nr];
      const span = block === undefined ? null : readSpan(block.start, block.end);
      if (block === undefined || span === null) return;
      if (block.count > 1) zoom(span, by);
      else select(nr, nr);
    },
    [blocks, select, zoom],
  );
  const up = useCallback(() => {
    const above = shown === null ? undefined : wayTo(range, shown).at(-2);
    if (above !== undefined) zoom(above, 'key');
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [blocks, zoom]);

  if (grid.isError) return <ProblemNotice error={grid.error} retry={() => void grid.refetch()} />;
  if (blocks === undefined || shown === null) return <Spin aria-label={t('common.loading')} />;
  const isBlocks = cellBits(shown) > 0n;
  return (
    <div className="wb-grid-part" ref={measure}>
      <div className="wb-grid-side">
        <Peek block={peeked === null ? undefined : blocks.items[peeked]} />
        <div className="wb-grid-scroller" aria-busy={grid.isPlaceholderData}>
          <AddressGrid
            key={`${blocks.start} ${blocks.end}`}
            blocks={blocks}
            bits={bits}
            columns={columns}
            selected={selected}
            focused={focusNext.current}
            label={t('networks.grid.label', { name: network.name, range: nameOf(shown) })}
            onPeek={setPeeked}
            onOpen={open}
            onSelect={select}
            onUp={up}
          />
        </div>
        <Legend blocks={isBlocks} />
        <p className="wb-quiet wb-small">{t(isBlocks ? 'networks.grid.keysBlocks' : 'networks.grid.keys')}</p>
      </div>
      <SelectedPanel network={network} blocks={blocks} />
    </div>
  );
}

/** Which cells of the grid are selected by what stands in the address of the page. */
function selectedIn(
  blocks: Schemas['AddressBlocks'] | undefined,
  at: string | undefined,
  till: string | undefined,
): readonly [number, number] | null {
  if (blocks === undefined || at === undefined) return null;
  const span = readSpan(at, till ?? at);
  if (span === null) return null;
  let [first, last] = [-1, -1];
  for (const [nr, block] of blocks.items.entries()) {
    const cell = readSpan(block.start, block.end);
    if (cell === null || cell.end < span.start || cell.start > span.end) continue;
    if (first === -1) first = nr;
    last = nr;
  }
  return first === -1 ? null : [first, last];
}

/** As many cells beside each other as fit and divide an octet. */
function useColumns(): {
  columns: number;
  measure: (element: HTMLElement | null) => (() => void) | undefined;
} {
  const [columns, setColumns] = useState(16);
  const observer = useRef<ResizeObserver>(null);
  useEffect(() => () => observer.current?.disconnect(), []);
  const measure = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (element === null) return undefined;
    observer.current = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setColumns(entry.contentRect.width >= WIDE_PX ? 32 : 16);
    });
    observer.current.observe(element);
    return undefined;
  }, []);
  return { columns, measure };
}
