import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { SpaceChoice } from './comparison.tsx';
import { TableInput, useTableInput, useTableProblem } from './table-input.tsx';
import { holderList } from './table-shapes.ts';

/** As many as one reads through; the numbers above them are of all. */
const SHOWN = 50;
const taken = ['name', 'owner', 'mac', 'note'] as const;

/** Records addresses of devices that no vCenter knows, from a table: together or not at all. */
export function AddressesImport(): ReactNode {
  const { t } = useTranslation();
  const input = useTableInput(holderList);
  const [space, setSpace] = useState('');
  const notMine = useNeeds('operator');
  const problem = useTableProblem(input, input.rows.length);
  const rows = input.rows.map((row) => ({
    line: row.line,
    ip: row.ip ?? '',
    ...Object.fromEntries(
      taken.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]] as const])),
    ),
  }));
  const send = (dryRun: boolean, signal?: AbortSignal): Promise<Schemas['ImportedAddresses']> =>
    ask(
      api.POST('/api/v1/imports/addresses', {
        params: { query: { dryRun: dryRun ? 'true' : 'false' } },
        body: { ...(space !== '' && { space }), rows },
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <Section title={t('compare.part.addresses')}>
      <p>{t('compare.addressesWhat')}</p>
      <TableInput input={input} example={t('compare.addressesExample')} />
      <div className="wb-line">
        <SpaceChoice value={space} onChange={setSpace} />
        <PreviewedAction
          label={t('compare.importRows', { count: rows.length })}
          title={t('compare.importRows', { count: rows.length })}
          why={notMine ?? problem}
          button={{ type: 'primary' }}
          preview={(signal) => send(true, signal)}
          describe={(result) => <Outcome result={result} />}
          act={() => send(false)}
          done={({ created, updated, unchanged }) =>
            t('compare.addressesDone', { created, updated, unchanged })
          }
          afterwards={() => input.give('', null)}
        />
      </div>
    </Section>
  );
}

function Outcome(props: { result: Schemas['ImportedAddresses'] }): ReactNode {
  const { t } = useTranslation();
  const { created, updated, unchanged, items } = props.result;
  return (
    <div className="wb-stack">
      <strong>{t('compare.addressesOutcome', { created, updated, unchanged })}</strong>
      {items.length > 0 && (
        <div className="wb-scroll-x" role="region" aria-label={t('compare.preview')} tabIndex={0}>
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col">{t('compare.columnsOf.line')}</th>
                <th scope="col">{t('compare.fields.ip')}</th>
                <th scope="col">{t('compare.fields.name')}</th>
                <th scope="col">{t('compare.columnsOf.network')}</th>
                <th scope="col">{t('compare.becomes')}</th>
              </tr>
            </thead>
            <tbody>
              {items.slice(0, SHOWN).map((item) => (
                <tr key={`${item.line} ${item.ip}`}>
                  <td className="wb-end">{item.line}</td>
                  <td>
                    <AddressLink ip={item.ip} />
                  </td>
                  <td data-value="name">{item.name}</td>
                  <td>
                    <RefLink to="network" of={item.network} />
                  </td>
                  <td>{t(`compare.change.${item.change}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {created + updated > Math.min(SHOWN, items.length) && (
        <p className="wb-quiet">
          {t('actions.andMore', { count: created + updated - Math.min(SHOWN, items.length) })}
        </p>
      )}
    </div>
  );
}
