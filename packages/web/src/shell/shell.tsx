import { Outlet, useLocation, useNavigate, useRouterState } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Spin } from 'antd';
import { type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { onSignedOut } from '../api.ts';
import { linkTo, paths } from '../paths.ts';
import { sessionKey, useSession } from '../session.ts';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { Toasts } from '../ui/toast.tsx';
import { Navigation } from './navigation.tsx';
import { PasswordNotice } from './password-notice.tsx';
import { SearchBox } from './search-box.tsx';
import { UserMenu } from './user-menu.tsx';

/** What is around every page: navigation, the search box, who is signed in. Whoever isn't is sent to sign in, and back afterwards. */
export function Shell(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const location = useLocation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signingIn = location.pathname === paths.signIn;
  // The page that is drawn, which lags behind the address while the next one is loaded: nobody's requests must not go out in between.
  const drawn = useRouterState({ select: ({ matches }) => matches.at(-1)?.pathname });
  useEffect(() => onSignedOut(() => queries.setQueryData(sessionKey, null)), [queries]);
  const nobody = session.data === null;
  useEffect(() => {
    if (nobody && !signingIn)
      void navigate({ ...linkTo('signIn', undefined, { back: location.href }), replace: true });
  }, [nobody, signingIn, navigate, location.href]);

  // Once it is known who is there, a reading that failed takes nothing away: there may be half a form on show.
  if (session.isError && session.data === undefined)
    return <ProblemNotice error={session.error} retry={() => void session.refetch()} />;
  if (drawn === paths.signIn)
    return (
      <Toasts>
        <Suspense>
          <Outlet />
        </Suspense>
      </Toasts>
    );
  if (!session.data) return <Spin aria-label={t('common.loading')} fullscreen />;
  return (
    <Toasts>
      <div className="wb-shell">
        <a href="#main" className="wb-skip">
          {t('shell.skip')}
        </a>
        <Navigation />
        <header className="wb-top">
          <SearchBox />
          <span className="wb-grow" />
          <UserMenu session={session.data} />
        </header>
        <main id="main" className="wb-main" tabIndex={-1}>
          <PasswordNotice session={session.data} />
          <Suspense fallback={<Spin aria-label={t('common.loading')} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </Toasts>
  );
}
