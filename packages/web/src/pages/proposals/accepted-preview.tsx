import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';

const SHOWN = 12;

/** What accepting would bring: networks, spaces, records, and what is left afterwards. */
export function AcceptedPreview(props: { accepted: Schemas['AcceptedProposals'] }): ReactNode {
  const { t } = useTranslation();
  const { accepted } = props;
  const made = accepted.networks.filter(({ outcome }) => outcome === 'created');
  return (
    <div className="wb-stack">
      <p>
        <strong>
          {t('proposals.preview.networks', { count: accepted.created })}{' '}
          {t('proposals.preview.settles', { count: accepted.settles })}
        </strong>
      </p>
      <ul>
        {made.slice(0, SHOWN).map(({ proposal, network }) => (
          <li key={proposal}>
            {network.name} <code>{network.cidr}</code>{' '}
            {t('proposals.preview.on', { wire: network.wire.name })}
          </li>
        ))}
        {accepted.created > SHOWN && (
          <li>{t('proposals.preview.more', { count: accepted.created - Math.min(SHOWN, made.length) })}</li>
        )}
      </ul>
      {accepted.spaces.map(({ name, wires }) => (
        <p key={name}>
          {t('proposals.preview.space', { name, wires: wires.map((wire) => wire.name).join(', ') })}
        </p>
      ))}
      {accepted.conflicts > 0 && <p>{t('proposals.preview.conflicts', { count: accepted.conflicts })}</p>}
      <p>{t('proposals.preview.afterwards', { settled: accepted.nics.settled, nics: accepted.nics.nics })}</p>
      <p className="wb-quiet">{t('proposals.preview.giving')}</p>
    </div>
  );
}
