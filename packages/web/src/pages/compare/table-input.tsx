import { Button, Input } from 'antd';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readFileText } from '../../ui/file-text.ts';
import { readTable, rowsOf, type Table } from './table-reading.ts';
import type { Field, TableShape } from './table-shapes.ts';

const PREVIEWED = 4;

/** A table that somebody gives, and what its columns were taken for. */
export function useTableInput(shape: TableShape) {
  const [given, setGiven] = useState<{ text: string; file: string | null }>({ text: '', file: null });
  const [chosen, setChosen] = useState<ReadonlyMap<number, Field | null>>(new Map());
  const table = useMemo(() => readTable(given.text, shape), [given.text, shape]);
  const fields = useMemo(
    () => table?.fields.map((field, at) => (chosen.has(at) ? (chosen.get(at) ?? null) : field)) ?? [],
    [table, chosen],
  );
  const rows = useMemo(() => (table === null ? [] : rowsOf(table, fields)), [table, fields]);
  return {
    shape,
    given,
    table,
    fields,
    rows,
    missing: shape.needed.filter((field) => !fields.includes(field)),
    give: (text: string, file: string | null) => {
      setGiven({ text, file });
      setChosen(new Map());
    },
    choose: (at: number, field: Field | null) => setChosen((before) => new Map(before).set(at, field)),
  };
}

type TableInputState = ReturnType<typeof useTableInput>;

/** Why a table can't be sent yet; null where it can. */
export function useTableProblem(input: TableInputState, usable: number): string | null {
  const { t } = useTranslation();
  if (input.table === null) return t('compare.noTable');
  if (input.missing.length > 0)
    return t('compare.missing', {
      columns: input.missing.map((field) => t(`compare.fields.${field}`)).join(', '),
    });
  return usable === 0 ? t('compare.noRows') : null;
}

/** Where a table is pasted or a file chosen, and what each of its columns is taken for, to be corrected. */
export function TableInput(props: {
  input: TableInputState;
  example: string;
  children?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { input, example } = props;
  const { given, table, give } = input;
  const file = useRef<HTMLInputElement>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const take = async (chosen: File): Promise<void> => {
    const text = await readFileText(chosen);
    setUnreadable(text === null ? chosen.name : null);
    give(text ?? '', text === null ? null : chosen.name);
  };
  return (
    <div className="wb-stack">
      <div className="wb-line">
        <Button onClick={() => file.current?.click()}>{t('compare.chooseFile')}</Button>
        <input
          ref={file}
          type="file"
          accept=".csv,.txt,.tsv,.json,text/csv,application/json"
          aria-label={t('compare.chooseFile')}
          className="wb-visually-hidden"
          tabIndex={-1}
          onChange={(event) => {
            const [one] = event.target.files ?? [];
            if (one !== undefined) void take(one);
            // The same file, changed meanwhile, can be chosen again.
            event.target.value = '';
          }}
        />
        {given.file === null ? (
          <span className="wb-quiet">{t('compare.orPaste')}</span>
        ) : (
          <>
            <strong>{given.file}</strong>
            <Button onClick={() => give('', null)}>{t('compare.otherTable')}</Button>
          </>
        )}
        {props.children}
      </div>
      {unreadable !== null && <p role="alert">{t('compare.unreadableFile', { file: unreadable })}</p>}
      {given.file === null && (
        <Input.TextArea
          aria-label={t('compare.paste')}
          placeholder={example}
          className="wb-code"
          rows={table === null ? 8 : 4}
          value={given.text}
          onChange={(event) => give(event.target.value, null)}
        />
      )}
      {table !== null && <Columns input={input} table={table} />}
    </div>
  );
}

function Columns(props: { input: TableInputState; table: Table }): ReactNode {
  const { t } = useTranslation();
  const { input, table } = props;
  const known = Object.keys(input.shape.titles).filter((name): name is Field => name in input.shape.titles);
  const columns = Array.from({ length: table.width }, (_, at) => ({
    at,
    title: table.titles?.[at] || t('compare.column', { number: at + 1 }),
  }));
  return (
    <>
      <p role="status">{t('compare.read', { count: table.rows.length })}</p>
      <div className="wb-scroll-x" role="region" aria-label={t('compare.columns')} tabIndex={0}>
        <table className="wb-plain wb-compare-columns">
          <thead>
            <tr>
              {columns.map(({ at, title }) => (
                <th key={at} scope="col">
                  <div data-value="title" title={title}>
                    {title}
                  </div>
                  <select
                    className="wb-choice"
                    aria-label={t('compare.columnIs', { title })}
                    value={input.fields[at] ?? ''}
                    onChange={(event) =>
                      input.choose(at, known.find((field) => field === event.target.value) ?? null)
                    }
                  >
                    <option value="">{t('compare.passedOver')}</option>
                    {known.map((field) => (
                      <option key={field} value={field}>
                        {t(`compare.fields.${field}`)}
                      </option>
                    ))}
                  </select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, PREVIEWED).map(({ line, cells }) => (
              <tr key={line} data-value="row">
                {columns.map(({ at }) => (
                  <td key={at} className={(input.fields[at] ?? null) === null ? 'wb-quiet' : undefined}>
                    {cells[at] ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.rows.length > PREVIEWED && (
        <p className="wb-quiet">{t('compare.previewed', { shown: PREVIEWED, count: table.rows.length })}</p>
      )}
    </>
  );
}
