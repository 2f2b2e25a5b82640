import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { StateTag } from '../../ui/state-tag.tsx';
import { useCount } from '../../ui/quantities.ts';

type Network = Schemas['Network'];
/** From here on, in per cent, a network is as good as full. */
const NEARLY_FULL = 90;

/** How much of a network is taken: a bar, and the same in words. */
export function Utilisation(props: {
  of: Pick<Network, 'counts' | 'utilisation'>;
  wide?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const { counts, utilisation } = props.of;
  const numbers = {
    used: count(counts.used),
    total: count(counts.total),
    percent: utilisation === null ? '' : percentOf(utilisation),
    free: count(counts.free),
  };
  // Of a network that gives nothing out there is no per cent.
  const text = t(
    props.wide === true
      ? 'networks.usedOfWide'
      : utilisation === null
        ? 'networks.usedOfNone'
        : 'networks.usedOf',
    numbers,
  );
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
      {utilisation === 100 ? (
        <StateTag tone="bad">{t('networks.full')}</StateTag>
      ) : (
        utilisation !== null &&
        utilisation >= NEARLY_FULL && <StateTag tone="warning">{t('networks.nearlyFull')}</StateTag>
      )}
    </div>
  );
}

/** Whole per cents, cut as the API cuts them: 100 only where nothing is left; but not 0 of what is not empty. */
function percentOf(utilisation: number): string {
  return utilisation > 0 && utilisation < 1 ? '<1 %' : `${Math.floor(utilisation)} %`;
}
