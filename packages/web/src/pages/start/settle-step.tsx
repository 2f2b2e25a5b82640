import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { Section } from '../../ui/page.tsx';
import { ProposalList } from '../proposals/proposal-list.tsx';

/** What networks the observations speak for; accepted here. */
export function SettleStep(props: { onBack: () => void; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const networks = useQuery({
    queryKey: ['networks', 'some'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/networks', { params: { query: { limit: 1 } }, signal })),
  });
  const some = (networks.data?.items.length ?? 0) > 0;
  return (
    <Section title={t('start.networks.title')}>
      <p>{t('start.networks.intro')}</p>
      <ProposalList onAccepted={props.onDone} />
      <div className="wb-line">
        <Button onClick={props.onBack}>{t('start.back')}</Button>
        <Button onClick={props.onDone}>{some ? t('start.networks.next') : t('start.networks.skip')}</Button>
      </div>
    </Section>
  );
}
