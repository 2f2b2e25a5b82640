import { Checkbox } from 'antd';
import { type CSSProperties, memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  /** The cell in an exported file; without it the column isn't exported. */
  readonly csv?: (row: Row) => string;
  /** The API's field to sort by; without it the column can't be sorted. */
  readonly sort?: string;
  /** A CSS grid track, such as `minmax(160px, 2fr)` or `90px`. */
  readonly width?: string;
  readonly align?: 'end';
}

interface Selected {
  readonly ids: ReadonlySet<string>;
  readonly change: (ids: ReadonlySet<string>) => void;
}

export function ListHead<Row>(props: {
  columns: readonly Column<Row>[];
  grid: CSSProperties;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selected?: Selected;
  all?: readonly string[];
}): ReactNode {
  const { t } = useTranslation();
  const { sort, selected, all = [] } = props;
  return (
    <div role="rowgroup" className="wb-table-head">
      <div role="row" className="wb-row" style={props.grid} aria-rowindex={1}>
        {selected !== undefined && (
          <div role="columnheader" className="wb-cell">
            <Checkbox
              aria-label={t('common.selectAll')}
              checked={all.length > 0 && all.every((id) => selected.ids.has(id))}
              indeterminate={selected.ids.size > 0 && !all.every((id) => selected.ids.has(id))}
              onChange={(event) => selected.change(new Set(event.target.checked ? all : []))}
            />
          </div>
        )}
        {props.columns.map((column) => {
          const way =
            column.sort === undefined
              ? undefined
              : sort === column.sort
                ? 'ascending'
                : sort === `-${column.sort}`
                  ? 'descending'
                  : 'none';
          return (
            <div
              key={column.key}
              role="columnheader"
              className={column.align === 'end' ? 'wb-cell wb-end' : 'wb-cell'}
              {...(way !== undefined && { 'aria-sort': way })}
            >
              {way === undefined ? (
                <span title={column.title}>{column.title}</span>
              ) : (
                <button
                  type="button"
                  className="wb-sort"
                  title={column.title}
                  onClick={() =>
                    props.onSort(
                      way === 'none' ? column.sort : way === 'ascending' ? `-${column.sort}` : undefined,
                    )
                  }
                >
                  {column.title}
                  <span aria-hidden="true">
                    {way === 'ascending' ? ' ↑' : way === 'descending' ? ' ↓' : ''}
                  </span>
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row<Of>(props: {
  id: string;
  row: Of;
  columns: readonly Column<Of>[];
  grid: CSSProperties;
  index: number;
  top: number;
  height: number;
  selected: Selected | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const { row, selected, id } = props;
  return (
    <div
      role="row"
      aria-rowindex={props.index + 2}
      className="wb-row"
      style={{ ...props.grid, height: props.height, transform: `translateY(${props.top}px)` }}
    >
      {selected !== undefined && (
        <div role="cell" className="wb-cell">
          <Checkbox
            aria-label={t('common.select')}
            checked={selected.ids.has(id)}
            onChange={(event) => {
              const ids = new Set(selected.ids);
              if (event.target.checked) ids.add(id);
              else ids.delete(id);
              selected.change(ids);
            }}
          />
        </div>
      )}
      {props.columns.map((column) => (
        <div key={column.key} role="cell" className={column.align === 'end' ? 'wb-cell wb-end' : 'wb-cell'}>
          {column.render(row)}
        </div>
      ))}
    </div>
  );
}

/** One row; drawn again only when something of it changes. */
export const ListRow = memo(Row) as typeof Row;
