import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';

/** In place of a page that there isn't. */
export function NothingHere(): ReactNode {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.nothingHere')}>
      <p>{t('shell.nothingHereWhy')}</p>
      <Link to="/">{t('shell.toOverview')}</Link>
    </Page>
  );
}
