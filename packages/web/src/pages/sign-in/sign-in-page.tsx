import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Input } from 'antd';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { languageNames, languages } from '../../language.ts';
import { useLooks } from '../../looks.tsx';
import { paths } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import './sign-in.css';

type Credentials = { username: string; password: string } | { link: string };

/** The way in: by user name and password, or by a link that works once. */
export function SignInPage(): ReactNode {
  const { t } = useTranslation();
  const { language, setLanguage } = useLooks();
  const [{ back }] = useFilters();
  const router = useRouter();
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [userId, passwordId] = [useId(), useId()];
  const signIn = useMutation({
    mutationFn: (body: Credentials) => ask(api.POST('/api/v1/session', { body })),
    onSuccess: async () => {
      queries.clear();
      router.history.replace(isOurs(back) ? back : paths.overview);
    },
  });
  const link = useLink();
  const { mutate } = signIn;
  const sent = useRef(false);
  useEffect(() => {
    // The link works once: drawn twice, as React does while one develops, it must not be sent twice.
    if (link === null || sent.current) return;
    sent.current = true;
    mutate({ link });
  }, [link, mutate]);
  const why = username.trim() === '' ? t('signIn.noUser') : password === '' ? t('signIn.noPassword') : null;
  return (
    <main className="wb-sign-in">
      <Page title={t('signIn.title')}>
        {link !== null && signIn.isPending ? (
          <p role="status">{t('signIn.byLink')}</p>
        ) : (
          <form
            className="wb-stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (why === null && !signIn.isPending) mutate({ username: username.trim(), password });
            }}
          >
            <label htmlFor={userId}>{t('signIn.user')}</label>
            <Input
              id={userId}
              autoFocus
              autoComplete="username"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
            <label htmlFor={passwordId}>{t('signIn.password')}</label>
            <Input.Password
              id={passwordId}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            <ReasonedButton type="primary" htmlType="submit" block loading={signIn.isPending} why={why}>
              {t('signIn.enter')}
            </ReasonedButton>
          </form>
        )}
        {signIn.isError && <ProblemNotice error={signIn.error} />}
        <details>
          <summary>{t('signIn.noWayIn')}</summary>
          <p>{t('signIn.firstTime')}</p>
          <p>{t('signIn.forgotten')}</p>
          <pre>
            <code>{'npx wirebook user link'}</code>
          </pre>
        </details>
        <Choice
          label={t('shell.language')}
          value={language}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={setLanguage}
        />
      </Page>
    </main>
  );
}

/** What stands in the address behind `#link=`; it is taken out of the address at once, and never reaches a server's log. */
function useLink(): string | null {
  const [link] = useState(() => new URLSearchParams(location.hash.slice(1)).get('link'));
  useEffect(() => {
    if (link !== null) history.replaceState(history.state, '', location.pathname + location.search);
  }, [link]);
  return link;
}

/** Only a path of this page may be gone back to: an address of another host could be made to look like it. */
function isOurs(back: string | undefined): back is string {
  if (back === undefined || !back.startsWith('/') || back.startsWith(paths.signIn)) return false;
  return URL.canParse(back, location.origin) && new URL(back, location.origin).origin === location.origin;
}
