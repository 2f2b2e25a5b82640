import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { RunList } from './run-list.tsx';

/** Every complete reading of an account. */
export function SyncRunsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t('syncRuns.title')}>
      <RunList />
    </Page>
  );
}
