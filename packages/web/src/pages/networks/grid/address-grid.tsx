import {
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { useCount } from '../../../ui/quantities.ts';
import { describeCells } from './cells.ts';
import { GridRow, type RowOfCells } from './grid-row.tsx';
import { readSpan, type Span } from './ip-numbers.ts';

interface GridEvents {
  /** The cell under the pointer or the keyboard; null where there is none. */
  readonly onPeek: (nr: number | null) => void;
  /** Enter or a click. */
  readonly onOpen: (nr: number, by: 'key' | 'pointer') => void;
  /** Selects cells from one to another. */
  readonly onSelect: (from: number, to: number) => void;
  /** One level up. */
  readonly onUp: () => void;
}

const ROWS_OF_PAGE = 8;

/** The cells of a window. The keyboard goes from cell to cell (one of them is in the tab order), events are heard by the grid alone. */
export const AddressGrid = memo(function AddressGrid(
  props: GridEvents & {
    blocks: Schemas['AddressBlocks'];
    bits: bigint;
    columns: number;
    /** Which cells are selected, by place; null where none is. */
    selected: readonly [number, number] | null;
    label: string;
    /** Takes the keyboard as soon as it is there. */
    focused: boolean;
  },
): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const { blocks, bits, columns, selected } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(selected?.[0] ?? 0);
  const [anchor, setAnchor] = useState<number | null>(null);
  const rows = useMemo(() => rowsOf(blocks, bits, columns), [blocks, bits, columns]);
  const describe = useMemo(() => describeCells(t, count), [t, count]);
  const last = blocks.items.length - 1;
  const focusCell = (nr: number): void =>
    grid.current?.querySelector<HTMLElement>(`[data-nr="${nr}"]`)?.focus({ preventScroll: false });
  const { focused } = props;
  useEffect(() => {
    if (focused) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [focused]);

  const go = (nr: number, extend: boolean): void => {
    const to = Math.max(0, Math.min(last, nr));
    setActive(to);
    focusCell(to);
    if (!extend) return setAnchor(null);
    const from = anchor ?? active;
    setAnchor(from);
    props.onSelect(Math.min(from, to), Math.max(from, to));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows.find(({ first, cells }) => active >= first && active < first + cells.length);
    const steps: Record<string, number> = {
      ArrowRight: active + 1,
      ArrowLeft: active - 1,
      ArrowDown: active + columns,
      ArrowUp: active - columns,
      PageDown: active + columns * ROWS_OF_PAGE,
      PageUp: active - columns * ROWS_OF_PAGE,
      Home: event.ctrlKey ? 0 : (row?.first ?? 0),
      End: event.ctrlKey ? last : (row?.first ?? 0) + (row?.cells.length ?? 1) - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      // Up and down stay in their column, and stay where they are at the edge.
      if (['ArrowUp', 'ArrowDown'].includes(event.key) && (to < 0 || to > last))
        return event.preventDefault();
      go(to, event.shiftKey);
    } else if (event.key === 'Enter') props.onOpen(active, 'key');
    else if (event.key === ' ') props.onSelect(active, active);
    else if (event.key === 'Backspace') props.onUp();
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const nr = placeOf(event.target);
    if (nr === null) return;
    const from = anchor ?? active;
    setActive(nr);
    focusCell(nr);
    if (event.shiftKey) {
      setAnchor(from);
      return props.onSelect(Math.min(from, nr), Math.max(from, nr));
    }
    setAnchor(null);
    props.onOpen(nr, 'pointer');
  };
  const heads = blocks.items.length === 0 ? 4 : blocks.start.includes(':') ? 6 : 4;
  return (
    <div
      ref={grid}
      role="grid"
      className="wb-grid"
      data-family={heads}
      aria-label={props.label}
      aria-multiselectable="true"
      aria-rowcount={rows.length}
      aria-colcount={columns + 1}
      style={{ ['--wb-columns' as string]: columns }}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseOver={(event) => props.onPeek(placeOf(event.target))}
      onMouseLeave={() => props.onPeek(null)}
      onFocus={(event) => props.onPeek(placeOf(event.target))}
    >
      {rows.map((row) => {
        const end = row.first + row.cells.length - 1;
        const inRow = active >= row.first && active <= end;
        const chosen = selected !== null && selected[0] <= end && selected[1] >= row.first ? selected : null;
        const columnOf = (nr: number): number => row.column + nr - row.first;
        return (
          <GridRow
            key={row.first}
            row={row}
            bits={bits}
            columns={columns}
            active={inRow ? columnOf(active) : -1}
            selectedFrom={chosen === null ? -1 : columnOf(Math.max(chosen[0], row.first))}
            selectedTo={chosen === null ? -1 : columnOf(Math.min(chosen[1], end))}
            describe={describe}
          />
        );
      })}
    </div>
  );
});

function placeOf(target: EventTarget): number | null {
  const place = target instanceof HTMLElement ? target.dataset['nr'] : undefined;
  return place === undefined ? null : Number(place);
}

/** Cells in rows, such that those of one column have the same end: .0 and .16 and .32 stand beneath each other. */
function rowsOf(blocks: Schemas['AddressBlocks'], bits: bigint, columns: number): readonly RowOfCells[] {
  const rows: {
    nr: number;
    first: number;
    column: number;
    cells: { block: Schemas['AddressBlock']; span: Span }[];
  }[] = [];
  for (const [nr, block] of blocks.items.entries()) {
    const span = readSpan(block.start, block.end);
    if (span === null) continue;
    const column = Number((span.start >> bits) % BigInt(columns));
    const row = rows.at(-1);
    if (row === undefined || column === 0)
      rows.push({ nr: rows.length, first: nr, column, cells: [{ block, span }] });
    else row.cells.push({ block, span });
  }
  return rows;
}
