import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api.ts';
import { statusOptions } from '../first-data.ts';
import { type PageName, paths } from '../paths.ts';

/** How often the numbers beside the navigation are read again, in milliseconds. */
const LOOK_AGAIN_MS = 15_000;

/** Status of the book: read by the navigation and the overview. */
export function useStatus() {
  return useQuery({ ...statusOptions, refetchInterval: LOOK_AGAIN_MS });
}

const groups = [
  { name: 'today', pages: ['overview', 'unresolved', 'conflicts', 'findings'] },
  { name: 'addresses', pages: ['networks', 'proposals', 'addresses', 'reservations', 'spaces', 'compare'] },
  { name: 'inventory', pages: ['servers', 'nics', 'wires', 'hosts'] },
  { name: 'running', pages: ['accounts', 'syncRuns', 'operations', 'audit', 'settings'] },
] as const satisfies readonly { name: string; pages: readonly PageName[] }[];

type Counted = keyof Schemas['Status']['counts'];
const badges: Partial<Record<PageName, Counted>> = {
  unresolved: 'unresolved',
  conflicts: 'conflicts',
  operations: 'operations',
};

export function Navigation(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const status = useStatus();
  return (
    <nav className="wb-nav" aria-label={t('shell.navigation')}>
      <Link to={paths.overview} className="wb-brand">
        <img src="/icon.svg" alt="" />
        {'Wirebook'}
      </Link>
      {groups.map((group) => (
        <div key={group.name}>
          <div className="wb-nav-group" id={`nav-${group.name}`}>
            {t(`shell.groups.${group.name}`)}
          </div>
          <ul aria-labelledby={`nav-${group.name}`}>
            {group.pages.map((page) => {
              const here =
                page === 'overview' ? pathname === '/' : `${pathname}/`.startsWith(`${paths[page]}/`);
              const counted = badges[page];
              const count = counted === undefined ? 0 : (status.data?.counts[counted] ?? 0);
              return (
                <li key={page}>
                  <Link to={paths[page]} {...(here && { 'aria-current': 'page' as const })}>
                    {t(`shell.pages.${page}`)}
                    {count > 0 && <span className="wb-badge">{count}</span>}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
