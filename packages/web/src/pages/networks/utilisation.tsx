import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { StateTag } from '../../ui/state-tag.tsx';
import { useCount } from './quantities.ts';

type Counts = Schemas['Network']['counts'];
/** Below this share of free addresses a network is as good as full. */
const NEARLY_FULL = 0.1;

export function isNearlyFull({ free, total }: Counts): boolean {
  return free < total * NEARLY_FULL;
}

/** How much of a network is taken: a bar, and the same in words. */
export function Utilisation(props: { counts: Counts; wide?: boolean }): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const { counts } = props;
  const share = counts.total === 0 ? 0 : counts.used / counts.total;
  const text = t(props.wide === true ? 'networks.usedOfWide' : 'networks.usedOf', {
    used: count(counts.used),
    total: count(counts.total),
    percent: percentOf(share),
    free: count(counts.free),
  });
  return (
    <div className={props.wide === true ? 'wb-use wb-use-wide' : 'wb-use'}>
      <div className="wb-use-bar" aria-hidden="true">
        {(['used', 'reserved', 'resting', 'seen'] as const).map((part) => (
          <span
            key={part}
            className={`wb-use-${part}`}
            style={{ width: `${(100 * counts[part]) / Math.max(1, counts.total)}%` }}
          />
        ))}
      </div>
      <span className="wb-use-words" title={text}>
        {text}
      </span>
      {counts.free === 0 ? (
        <StateTag tone="bad">{t('networks.full')}</StateTag>
      ) : (
        isNearlyFull(counts) && <StateTag tone="warning">{t('networks.nearlyFull')}</StateTag>
      )}
    </div>
  );
}

/** Whole per cents, but neither 0 of what is not empty nor 100 of what is not full. */
function percentOf(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share > 0.99) return '99 %';
  return `${Math.round(share * 100)} %`;
}
