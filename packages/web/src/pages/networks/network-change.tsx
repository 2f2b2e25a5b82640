import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useNeeds } from '../../ui/needs.ts';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { EffectText } from './effect.tsx';
import { changeBody, draftOf } from './network-draft.ts';
import { NetworkFields } from './network-fields.tsx';

/** All that a network says, to be said otherwise; what that settles and breaks is shown first. */
export function NetworkChange(props: { network: Schemas['Network'] }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notMine = useNeeds('operator');
  const { network } = props;
  const [before] = useState(() => draftOf(network));
  const [draft, setDraft] = useState(before);
  const body = changeBody(before, draft);
  const path = { id: network.id };
  return (
    <>
      <NetworkFields
        draft={draft}
        change={(changed) => setDraft((now) => ({ ...now, ...changed }))}
        existing={network}
      />
      <div className="wb-line">
        <PreviewedAction
          label={t('networks.form.preview')}
          title={t('networks.form.changeTitle', { name: network.name })}
          confirm={t('networks.form.change')}
          why={notMine ?? (Object.keys(body).length === 0 ? t('networks.form.missing.change') : null)}
          preview={(signal) =>
            ask(
              api.PATCH('/api/v1/networks/{id}', {
                params: { path, query: { dryRun: 'true' } },
                body,
                signal,
              }),
            )
          }
          describe={(effect) => <EffectText effect={effect} space={network.space.name} />}
          act={() => ask(api.PATCH('/api/v1/networks/{id}', { params: { path }, body }))}
          done={(effect) => t('networks.form.changed', { name: effect.network.name })}
          afterwards={() => void navigate(linkTo('network', network.id, { part: 'settings' }))}
          button={{ type: 'primary' }}
        />
        <Link
          {...linkTo('network', network.id, { part: 'settings' })}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {t('common.cancel')}
        </Link>
      </div>
    </>
  );
}
