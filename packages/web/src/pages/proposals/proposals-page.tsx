import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { ProposalList } from './proposal-list.tsx';

/** The networks that the observations speak for. */
export function ProposalsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t('proposals.title')} aside={<span>{t('proposals.aside')}</span>}>
      <ProposalList />
    </Page>
  );
}
