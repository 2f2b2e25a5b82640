import { Button } from 'antd';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { Copyable } from '../../../ui/copyable.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { AddressPanel } from './address-panel.tsx';
import { readSpan } from './ip-numbers.ts';
import { RunPanel } from './run-panel.tsx';

/** What is selected in the grid, and what can be done with it. */
export const SelectedPanel = memo(function SelectedPanel(props: {
  network: Schemas['Network'];
  blocks: Schemas['AddressBlocks'];
}): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const panel = useRef<HTMLElement>(null);
  const { at, till } = filters;
  const span = at === undefined ? null : readSpan(at, till ?? at);
  useEffect(() => {
    // Where it stands beneath the grid it may be out of sight.
    if (at !== undefined) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <section ref={panel} className="wb-selected" aria-label={t('networks.selected.title')} tabIndex={0}>
      {span === null || at === undefined ? (
        <>
          <h3>{t('networks.selected.none')}</h3>
          <p className="wb-quiet">{t('networks.selected.how')}</p>
        </>
      ) : (
        <>
          <div className="wb-line">
            <h3 className="wb-code wb-selected-name">
              {span.start === span.end ? <Copyable text={at} /> : `${at} – ${till}`}
            </h3>
            <span className="wb-grow" />
            <Button size="small" onClick={() => change({ at: undefined, till: undefined })}>
              {t('common.close')}
            </Button>
          </div>
          {span.start === span.end ? (
            <AddressPanel key={at} network={props.network} ip={at} />
          ) : (
            <RunPanel
              key={`${at} ${till}`}
              network={props.network}
              blocks={props.blocks}
              start={at}
              end={till ?? at}
            />
          )}
        </>
      )}
    </section>
  );
});
