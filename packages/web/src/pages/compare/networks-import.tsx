import { Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag, type Tone } from '../../ui/state-tag.tsx';
import { SpaceChoice } from './comparison.tsx';
import { TableInput, useTableInput, useTableProblem } from './table-input.tsx';
import { subnetList } from './table-shapes.ts';

type Imported = Schemas['ImportedNetworks'];
const SHOWN = 200;
const optional = ['gateway', 'dns', 'vlan', 'switch'] as const;

const tones: Record<Imported['items'][number]['outcome'], Tone> = {
  created: 'good',
  updated: 'good',
  unchanged: 'quiet',
  differs: 'warning',
  unfit: 'bad',
  refused: 'bad',
};

/** Takes over the subnets of an older book, each tied to the wire that has its VLAN: together or not at all. */
export function NetworksImport(): ReactNode {
  const { t } = useTranslation();
  const input = useTableInput(subnetList);
  const [space, setSpace] = useState('');
  const [skipUnfit, setSkipUnfit] = useState(false);
  const notMine = useNeeds('operator');
  const problem = useTableProblem(input, input.rows.length);
  const rows = input.rows.map((row) => ({
    line: row.line,
    name: row.name ?? '',
    start: row.start ?? '',
    end: row.end ?? '',
    prefix: row.prefix ?? '',
    ...Object.fromEntries(
      optional.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]] as const])),
    ),
  }));
  const send = (dryRun: boolean, signal?: AbortSignal): Promise<Imported> =>
    ask(
      api.POST('/api/v1/imports/networks', {
        params: { query: { dryRun: dryRun ? 'true' : 'false' } },
        body: { ...(space !== '' && { space }), ...(skipUnfit && { skipUnfit }), rows },
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <Section title={t('compare.part.networks')}>
      <p>{t('compare.networksWhat')}</p>
      <TableInput input={input} example={t('compare.networksExample')} />
      <Checkbox checked={skipUnfit} onChange={(event) => setSkipUnfit(event.target.checked)}>
        {t('compare.skipUnfit')}
      </Checkbox>
      <div className="wb-line">
        <SpaceChoice value={space} onChange={setSpace} />
        <PreviewedAction
          label={t('compare.importNetworks', { count: rows.length })}
          title={t('compare.importNetworks', { count: rows.length })}
          why={notMine ?? problem}
          button={{ type: 'primary' }}
          preview={(signal) => send(true, signal)}
          describe={(result) => <Outcome result={result} />}
          hindrance={({ refused }) => (refused ? t('compare.networksRefused') : null)}
          act={() => send(false)}
          done={({ counts, settles }) => t('compare.networksDone', { ...counts, settles })}
          afterwards={() => input.give('', null)}
        />
      </div>
    </Section>
  );
}

function Outcome(props: { result: Imported }): ReactNode {
  const { t } = useTranslation();
  const { counts, settles, ends, conflicts, items, refused } = props.result;
  return (
    <div className="wb-stack">
      <strong>{t('compare.networksOutcome', { ...counts })}</strong>
      <span>{t('compare.effect', { settles, ends, conflicts })}</span>
      {refused && <p role="alert">{t('compare.networksRefused')}</p>}
      <div className="wb-scroll-x" role="region" aria-label={t('compare.preview')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('compare.columnsOf.line')}</th>
              <th scope="col">{t('compare.fields.name')}</th>
              <th scope="col">{t('compare.becomes')}</th>
              <th scope="col">{t('compare.wire')}</th>
              <th scope="col">{t('compare.settles')}</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, SHOWN).map((item, at) => (
              <tr key={`${at} ${item.name}`}>
                <td className="wb-end">{item.line}</td>
                <td data-value="network">
                  {item.name}
                  <div className="wb-quiet wb-code">
                    {item.start} – {item.end}
                  </div>
                </td>
                <td>
                  <StateTag tone={tones[item.outcome]}>{t(`compare.outcome.${item.outcome}`)}</StateTag>
                  {item.text !== null && <div>{item.text}</div>}
                </td>
                <td>
                  <RefLink to="wire" of={item.wire} />
                </td>
                <td className="wb-end">{item.settles}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {items.length > SHOWN && (
        <p className="wb-quiet">{t('actions.andMore', { count: items.length - SHOWN })}</p>
      )}
    </div>
  );
}
