import { memo, type ReactNode } from 'react';
import { type Block, lookOf, numberIn } from './cells.ts';
import { nameOf, type Span, writeIp } from './ip-numbers.ts';

export interface RowOfCells {
  readonly nr: number;
  /** The place of its first cell among all, and in the row. */
  readonly first: number;
  readonly column: number;
  readonly cells: readonly { readonly block: Block; readonly span: Span }[];
}

/** One row of the grid; drawn again only when something of it changes. A cell is one element: there are a thousand of them. */
export const GridRow = memo(function GridRow(props: {
  row: RowOfCells;
  bits: bigint;
  columns: number;
  /** The column of the cell that the keyboard is at; -1 where it is in another row. */
  active: number;
  /** The selected cells of the row, by column; -1 where there are none. */
  selectedFrom: number;
  selectedTo: number;
  describe: (block: Block, name: string) => string;
}): ReactNode {
  const { row, bits, active, describe } = props;
  const begin = row.cells[0]?.span;
  if (begin === undefined) return null;
  const head = writeIp(begin.family, begin.start);
  return (
    <div role="row" className="wb-grid-row" aria-rowindex={row.nr + 1}>
      <div role="rowheader" className="wb-grid-head" title={head}>
        {head}
      </div>
      {row.cells.map(({ block, span }, place) => {
        const column = row.column + place;
        const look = lookOf(block);
        const label = describe(block, nameOf(span));
        return (
          <div
            key={block.start}
            role="gridcell"
            className="wb-cell-of-grid"
            data-nr={row.first + place}
            data-state={look.state}
            {...(block.source !== null && { 'data-source': block.source })}
            {...(look.conflict && { 'data-source': 'conflict' })}
            {...(look.taken !== null && { 'data-block': '' })}
            aria-colindex={column + 2}
            aria-label={label}
            title={label}
            aria-selected={column >= props.selectedFrom && column <= props.selectedTo}
            tabIndex={column === active ? 0 : -1}
            style={{
              ...(place === 0 && row.column > 0 && { gridColumnStart: row.column + 2 }),
              ...(look.taken !== null && { ['--wb-taken' as string]: look.taken.toFixed(2) }),
            }}
          >
            {numberIn(span.family, span.start, bits)}
          </div>
        );
      })}
    </div>
  );
});
