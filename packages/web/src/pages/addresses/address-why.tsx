import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Section } from '../../ui/page.tsx';
import { StateTag } from '../../ui/state-tag.tsx';

type Why = Schemas['Why'];

/** The answer as one would give it to a colleague, then each thing that stands in the way, with what to do. */
export function AddressWhy(props: {
  why: Why;
  address: Why['addresses'][number];
  actions?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { why, address } = props;
  return (
    <Section
      title={t('why.title')}
      actions={
        <StateTag tone={address.free ? 'good' : 'quiet'}>
          {t(address.free ? 'why.free' : 'why.notFree')}
        </StateTag>
      }
    >
      <p className="wb-answer">{why.answer}</p>
      {why.remedy !== null && (
        <p className="wb-quiet">
          {t('why.remedy')} <Copyable text={why.remedy} />
        </p>
      )}
      {address.conflicts.length > 0 && (
        <ul className="wb-obstacles">
          {address.conflicts.map(({ id, text }) => (
            <li key={id}>
              <StateTag tone="bad">{t('states.address.conflict')}</StateTag>{' '}
              <Link {...linkTo('conflict', id)}>{text}</Link>
            </li>
          ))}
        </ul>
      )}
      {address.obstacles.length > 0 && (
        <>
          <h3>{t('why.obstacles')}</h3>
          <ul className="wb-obstacles">
            {address.obstacles.map(({ code, text, remedy }) => (
              <li key={`${code} ${text}`}>
                {text} <span className="wb-quiet">{remedy}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {props.actions}
    </Section>
  );
}
