import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { states } from './cells.ts';

const sources = ['tools', 'manual', 'allocated'] as const;

/** What the cells mean, by the same signs. */
export function Legend(props: { blocks: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="wb-legend" aria-label={t('networks.grid.legend')}>
      {states.map((state) => (
        <li key={state}>
          <span className="wb-cell-of-grid" data-state={state} aria-hidden="true" />
          {t(`states.address.${state}`)}
        </li>
      ))}
      {props.blocks ? (
        <>
          <li>
            <span
              className="wb-cell-of-grid"
              data-state="used"
              data-block=""
              style={{ ['--wb-taken' as string]: 0.6 }}
              aria-hidden="true"
            />
            {t('networks.grid.strip')}
          </li>
          <li>
            <span className="wb-cell-of-grid" data-state="free" data-source="conflict" aria-hidden="true" />
            {t('networks.grid.conflictIn')}
          </li>
        </>
      ) : (
        sources.map((source) => (
          <li key={source}>
            <span className="wb-cell-of-grid" data-state="free" data-source={source} aria-hidden="true" />
            {t(`networks.grid.source.${source}`)}
          </li>
        ))
      )}
    </ul>
  );
}
