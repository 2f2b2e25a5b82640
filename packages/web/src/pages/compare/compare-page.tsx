import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { linkTo } from '../../paths.ts';
import { useFilters } from '../../ui/filters.ts';
import { Page } from '../../ui/page.tsx';
import { AddressesImport } from './addresses-import.tsx';
import { Comparison } from './comparison.tsx';
import { Declarations } from './declarations.tsx';
import { NetworksImport } from './networks-import.tsx';
import '../networks/networks.css';
import './compare.css';

const parts = ['compare', 'addresses', 'networks', 'declarations'] as const;

/** Lists from elsewhere: held against what is, or taken over. */
export function ComparePage(): ReactNode {
  const { t } = useTranslation();
  const [filters] = useFilters();
  const part = parts.find((one) => one === filters['part']) ?? 'compare';
  return (
    <Page title={t(`compare.title.${part}`)}>
      <nav className="wb-parts" aria-label={t('compare.parts')}>
        {parts.map((one) => (
          <Link
            key={one}
            {...linkTo('compare', undefined, one === 'compare' ? {} : { part: one })}
            activeOptions={{ exact: true, includeSearch: true }}
            {...(one === part && { 'aria-current': 'page' as const })}
          >
            {t(`compare.part.${one}`)}
          </Link>
        ))}
      </nav>
      {part === 'compare' && <Comparison />}
      {part === 'addresses' && <AddressesImport />}
      {part === 'networks' && <NetworksImport />}
      {part === 'declarations' && <Declarations />}
    </Page>
  );
}
