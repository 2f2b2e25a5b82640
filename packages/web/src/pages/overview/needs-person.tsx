import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { StateSign } from '../../ui/state-tag.tsx';
import { useNeedLines } from './need-lines.ts';

/** One line for each thing that needs a person, the most pressing first, each with the way to where it is mended. */
export function NeedsPerson(props: { status: Schemas['Status']; nics: Schemas['NicSummary'] }): ReactNode {
  const { t } = useTranslation();
  const { lines, complete, error } = useNeedLines(props.status, props.nics);
  return (
    <Section title={t('overview.needs')}>
      {error !== null && <ProblemNotice error={error} />}
      {lines.length === 0 && complete && (
        <p>
          <StateSign tone="good" /> <strong>{t('overview.nothing')}</strong> {t('overview.nothingWhy')}
        </p>
      )}
      {lines.length > 0 && (
        <ul className="wb-needs">
          {lines.map((line) => (
            <li key={line.key}>
              <StateSign tone={line.tone} />
              <div className="wb-needs-text">
                <Link {...line.to}>{line.text}</Link>
                {line.parts !== undefined && (
                  <ul className="wb-needs-parts">
                    {line.parts.map((part) => (
                      <li key={part.key}>
                        <Link {...part.to}>
                          <strong>{part.count}</strong> {part.text}
                        </Link>
                      </li>
                    ))}
                  </ul>
                )}
                {line.more !== undefined && <div className="wb-quiet">{line.more}</div>}
              </div>
              <Link {...line.to} className="wb-needs-do" aria-label={`${line.action}: ${line.text}`}>
                {line.action}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
