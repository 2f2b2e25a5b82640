import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { useFilters } from '../../../ui/filters.ts';
import { StateTag } from '../../../ui/state-tag.tsx';
import { countMarks } from './arrange-hosts.ts';
import { markText, markTone } from './picture-words.ts';
import { shortName } from './server-path.ts';

const SWITCHES = 12;

/** What disagrees, counted, each a button that shows only those hosts; and the physical switches behind it all. */
export function PictureSummary({ picture }: { picture: Schemas['WirePicture'] }): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const { summary } = picture;
  const marks = countMarks(picture.hosts);
  const only = filters['only'] ?? '';
  return (
    <div className="wb-stack wb-picture-summary">
      <div className="wb-line">
        <span className="wb-quiet">
          {t('wires.picture.hosts', { count: summary.hosts })},{' '}
          {t('wires.picture.servers', { count: summary.servers })}
        </span>
        {marks.length === 0 && picture.hosts.length > 0 && (
          <StateTag tone="good">{t('wires.picture.agreed')}</StateTag>
        )}
        {marks.map(({ mark, hosts }) => (
          <button
            key={mark}
            type="button"
            className="wb-chip"
            aria-pressed={only === mark}
            title={only === mark ? t('wires.picture.everything') : t('wires.picture.onlyProblem')}
            onClick={() => setFilters({ only: only === mark ? undefined : mark })}
          >
            <StateTag tone={markTone(mark)}>
              {markText(mark, t)}: {t('wires.picture.hosts', { count: hosts })}
            </StateTag>
          </button>
        ))}
      </div>
      {picture.hosts.length > 0 && (
        <div className="wb-line">
          {summary.physicalSwitches.length === 0 ? (
            <span className="wb-quiet">{t('wires.picture.pluggedNone')}</span>
          ) : (
            <span className="wb-quiet">{t('wires.picture.plugged')}</span>
          )}
          {summary.physicalSwitches.slice(0, SWITCHES).map((one) => (
            <button
              key={one.switch}
              type="button"
              className="wb-chip wb-chip-plain"
              title={one.switch}
              aria-pressed={filters['find'] === one.switch}
              onClick={() => setFilters({ find: filters['find'] === one.switch ? undefined : one.switch })}
            >
              {shortName(one.switch)}{' '}
              <span className="wb-quiet">{t('wires.picture.ports', { count: one.ports })}</span>
            </button>
          ))}
          {summary.physicalSwitches.length > SWITCHES && (
            <span className="wb-quiet">
              {t('wires.picture.furtherSwitches', { count: summary.physicalSwitches.length - SWITCHES })}
            </span>
          )}
        </div>
      )}
    </div>
  );
}
