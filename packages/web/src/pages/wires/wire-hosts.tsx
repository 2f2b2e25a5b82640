import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Checkbox, Input } from 'antd';
import { useClearing } from '../../ui/clearing.tsx';
import { useFilters } from '../../ui/filters.ts';
import { Empty } from '../../ui/notice.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { useTyped } from '../../ui/typed.ts';
import { StateTag } from '../../ui/state-tag.tsx';
import { sameVlan, vlanText } from './vlan.ts';

/** The wire host by host: switch and VLAN, those that disagree first. */
export function WireHosts({ wire }: { wire: Schemas['Wire'] }): ReactNode {
  const { t } = useTranslation();
  const clearing = useClearing();
  const [filters, setFilters] = useFilters();
  const [typed, setTyped] = useTyped(filters['q'] ?? '', (q) => setFilters({ q }));
  const text = (filters['q'] ?? '').toLowerCase();
  const onlyDeviating = filters['deviating'] === 'true';
  const rows = useMemo(
    () =>
      wire.hostVlans
        .map((one) => ({ ...one, deviates: wire.kind === 'standard' && !sameVlan(one.vlan, wire.vlan) }))
        .toSorted((a, b) => Number(b.deviates) - Number(a.deviates)),
    [wire],
  );
  if (rows.length === 0)
    return (
      <Empty title={t('wires.onHosts.none')}>
        <p>{t('wires.onHosts.noneWhy')}</p>
      </Empty>
    );
  const shown = rows.filter(
    (row) =>
      (!onlyDeviating || row.deviates) &&
      (row.host.name.toLowerCase().includes(text) || (row.switch?.name ?? '').toLowerCase().includes(text)),
  );
  return (
    <div className="wb-list">
      <div className="wb-list-tools">
        <Input
          allowClear={clearing}
          className="wb-list-search"
          aria-label={t('wires.onHosts.filter')}
          placeholder={t('wires.onHosts.filter')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {wire.vlanDisagreement && (
          <Checkbox
            checked={onlyDeviating}
            onChange={(event) => setFilters({ deviating: event.target.checked ? 'true' : undefined })}
          >
            {t('wires.onHosts.onlyDeviating')}
          </Checkbox>
        )}
        <span className="wb-list-count" role="status">
          {t('wires.picture.hosts', { count: shown.length })}
        </span>
      </div>
      <div className="wb-scroll-x" role="region" aria-label={t('wires.hosts')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th>{t('wires.host')}</th>
              <th>{t('wires.switch')}</th>
              <th>{t('wires.vlan')}</th>
              <th>{t('wires.state')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.host.id}>
                <td>
                  <RefLink to="host" of={row.host} />
                </td>
                <td>{row.switch?.name}</td>
                <td>{vlanText(row.vlan, t)}</td>
                <td>
                  {row.deviates ? (
                    <StateTag tone="warning">{t('wires.onHosts.deviates')}</StateTag>
                  ) : (
                    <StateTag tone="good">{t('wires.onHosts.most')}</StateTag>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
