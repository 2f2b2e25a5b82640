import { Button, Input } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { csvOf, saveFile } from '../../ui/csv.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateSign, type Tone } from '../../ui/state-tag.tsx';

type Comparison = Schemas['Comparison'];
type Difference = Schemas['ListDifference'];
type Kind = Difference['kind'];

/** In the order in which they are told, what is about the given rows first; each with how pressing it is. */
const tones = {
  ghost: 'quiet',
  mac: 'bad',
  name: 'bad',
  network: 'warning',
  status: 'bad',
  duplicate: 'warning',
  unreadable: 'warning',
  stranger: 'warning',
} as const satisfies Record<Kind, Tone>;
const kinds = Object.keys(tones).filter((kind): kind is Kind => kind in tones);
/** More of a kind are drawn when they are asked for. */
const STEP = 100;

/** In what the list differs from what is: grouped by kind, each with what to do. */
export function Differences(props: { result: Comparison }): ReactNode {
  const { t } = useTranslation();
  const { counts, items, complete } = props.result;
  const [only, setOnly] = useState<Kind | null>(null);
  const [text, setText] = useState('');
  const shown = useMemo(() => items.filter((item) => fits(item, text)), [items, text]);
  const all = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  const groups = kinds.flatMap((kind) => {
    const own = shown.filter((item) => item.kind === kind);
    return own.length > 0 && (only === null || only === kind) ? [{ kind, own }] : [];
  });
  return (
    <>
      <Notice
        kind={all === 0 ? 'good' : 'info'}
        title={all === 0 ? t('compare.allAgree') : t('compare.differences', { count: all })}
      >
        <p>
          {t('compare.agreeing', { count: counts.agreeing, rows: counts.rows })}{' '}
          {counts.outside > 0 && t('compare.outside', { count: counts.outside })}
        </p>
        {!complete && <p>{t('compare.capped')}</p>}
      </Notice>
      {all > 0 && (
        <div className="wb-list-tools">
          <div className="wb-compare-counts" role="group" aria-label={t('compare.byKind')}>
            {kinds
              .filter((kind) => counts[kind] > 0)
              .map((kind) => (
                <button
                  key={kind}
                  type="button"
                  className="wb-compare-count"
                  aria-pressed={only === kind}
                  onClick={() => setOnly((before) => (before === kind ? null : kind))}
                >
                  <StateSign tone={tones[kind]} /> {t(`compare.kind.${kind}`)} <strong>{counts[kind]}</strong>
                </button>
              ))}
          </div>
          <Input
            allowClear
            className="wb-list-search"
            aria-label={t('compare.search')}
            placeholder={t('compare.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="wb-grow" />
          <Button
            onClick={() =>
              saveFile(
                `${t('compare.file')}.csv`,
                csvOf(
                  csvColumns.map((name) => t(`compare.columnsOf.${name}`)),
                  groups.flatMap(({ own }) =>
                    own.map((item) => csvRow(item, t(`compare.kind.${item.kind}`))),
                  ),
                ),
              )
            }
          >
            {t('common.exportCsv')}
          </Button>
        </div>
      )}
      {all > 0 && groups.length === 0 && <p role="status">{t('common.nothingFound')}</p>}
      {groups.map(({ kind, own }) => (
        <Group key={kind} kind={kind} items={own} all={counts[kind]} />
      ))}
    </>
  );
}

function fits(item: Difference, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const said = [
    item.ip,
    item.listed,
    item.found,
    item.network?.name,
    item.text,
    ...item.evidence.flatMap(({ name, mac, wire }) => [name, mac, wire?.name]),
  ];
  return said.some((one) => one?.toLowerCase().includes(wanted) === true);
}

function Group(props: { kind: Kind; items: readonly Difference[]; all: number }): ReactNode {
  const { t } = useTranslation();
  const { kind, items } = props;
  const [count, setCount] = useState(STEP);
  return (
    <Section title={t('compare.group', { kind: t(`compare.kind.${kind}`), count: props.all })}>
      <p className="wb-quiet">{t(`compare.kindMeans.${kind}`)}</p>
      <div className="wb-scroll-x" role="region" aria-label={t(`compare.kind.${kind}`)} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              {(['line', 'ip', 'listed', 'found', 'network', 'evidence', 'text'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(`compare.columnsOf.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.slice(0, count).map((item, at) => (
              <tr key={`${at} ${item.ip}`}>
                <td className="wb-end">{item.line}</td>
                <td>{item.ip !== null && <AddressLink ip={item.ip} space={item.space?.name} />}</td>
                <td data-value="listed">{item.listed}</td>
                <td data-value="found">{item.found}</td>
                <td>
                  <RefLink to="network" of={item.network} />
                </td>
                <td>
                  <Evidence of={item.evidence} />
                </td>
                <td className="wb-compare-text">
                  <div>{item.text}</div>
                  <div className="wb-remedy">{item.remedy}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {items.length > count && (
        <div>
          <Button onClick={() => setCount((before) => before + STEP)}>
            {t('compare.showMore', { count: Math.min(STEP, items.length - count) })}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Evidence(props: { of: Difference['evidence'] }): ReactNode {
  const { t } = useTranslation();
  return props.of.map(({ source, name, server, mac, wire, since }, at) => (
    <div key={`${at} ${mac}`}>
      <span className="wb-quiet">{t(`compare.source.${source}`)}</span>{' '}
      {server === null ? name : <RefLink to="server" of={server} />}{' '}
      {mac !== null && <span className="wb-code">{mac}</span>} <RefLink to="wire" of={wire} />{' '}
      <Moment at={since} />
    </div>
  ));
}

const csvColumns = [
  'kind',
  'line',
  'ip',
  'listed',
  'found',
  'network',
  'evidence',
  'text',
  'remedy',
] as const;

function csvRow(item: Difference, kind: string): readonly string[] {
  return [
    kind,
    String(item.line ?? ''),
    item.ip ?? '',
    item.listed ?? '',
    item.found ?? '',
    item.network?.name ?? '',
    item.evidence
      .map(({ name, mac, wire, since }) => [name, mac, wire?.name, since].filter(Boolean).join(' '))
      .join('; '),
    item.text,
    item.remedy,
  ];
}
