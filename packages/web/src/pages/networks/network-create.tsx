import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useFilters } from '../../ui/filters.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Page } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { EffectText } from './effect.tsx';
import { createBody, emptyDraft, type NetworkDraft } from './network-draft.ts';
import { NetworkFields } from './network-fields.tsx';
import './networks.css';

/** A new network; what is known of it already stands in the address: `?wire=&cidr=&name=&gateway=`. */
export function NetworkCreatePage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [filters] = useFilters();
  const notMine = useNeeds('operator');
  const [draft, setDraft] = useState<NetworkDraft>(() => ({
    ...emptyDraft,
    name: filters['name'] ?? filters['cidr'] ?? '',
    wire: filters['wire'] ?? '',
    cidr: filters['cidr'] ?? '',
    gateway: filters['gateway'] ?? '',
    ...(filters['start'] !== undefined &&
      filters['end'] !== undefined && {
        by: 'range' as const,
        start: filters['start'],
        end: filters['end'],
        prefixLength: filters['prefixLength'] ?? '',
      }),
  }));
  const missing = missingOf(draft);
  return (
    <Page
      title={t('networks.new')}
      above={<Link {...linkTo('networks')}>{t('shell.pages.networks')}</Link>}
      aside={<span>{t('networks.form.about')}</span>}
    >
      <NetworkFields draft={draft} change={(changed) => setDraft((before) => ({ ...before, ...changed }))} />
      <div className="wb-line">
        <PreviewedAction
          label={t('networks.form.preview')}
          title={t('networks.form.createTitle', { name: draft.name })}
          confirm={t('networks.form.create')}
          why={notMine ?? (missing === null ? null : t(`networks.form.missing.${missing}`))}
          preview={(signal) =>
            ask(
              api.POST('/api/v1/networks', {
                params: { query: { dryRun: 'true' } },
                body: createBody(draft),
                signal,
              }),
            )
          }
          describe={(effect) => (
            <div className="wb-stack">
              <p>
                {t('networks.form.willBe', {
                  name: effect.network.name,
                  start: effect.network.start,
                  end: effect.network.end,
                  prefixLength: effect.network.prefixLength,
                  wire: effect.network.wire.name,
                  space: effect.network.space.name,
                })}
              </p>
              <EffectText effect={effect} space={effect.network.space.name} />
            </div>
          )}
          act={() => ask(api.POST('/api/v1/networks', { body: createBody(draft) }))}
          done={({ network, settles }) => t('networks.form.created', { name: network.name, count: settles })}
          afterwards={({ network }) => void navigate(linkTo('network', network.id))}
          button={{ type: 'primary' }}
        />
        <Link {...linkTo('networks')}>{t('common.cancel')}</Link>
      </div>
    </Page>
  );
}

function missingOf(draft: NetworkDraft): 'name' | 'wire' | 'cidr' | 'range' | null {
  if (draft.name.trim() === '') return 'name';
  if (draft.wire === '') return 'wire';
  if (draft.by === 'cidr') return draft.cidr.trim() === '' ? 'cidr' : null;
  return draft.start.trim() === '' || draft.end.trim() === '' ? 'range' : null;
}
