import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../../language.ts';
import { useLooks } from '../../looks.tsx';
import { linkTo } from '../../paths.ts';
import { type SignedIn, useSession, useSignOut } from '../../session.ts';
import { useStatus } from '../../shell/navigation.tsx';
import { looks } from '../../theme.ts';
import { Choice } from '../../ui/choice.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { Privileges } from '../start/privileges.tsx';
import { PasswordForm } from './password-form.tsx';
import { Tokens } from './tokens.tsx';
import '../networks/networks.css';
import '../start/start.css';
import './settings.css';

/** Who is signed in and how, how the page looks, tokens for programs, and what else there is to know about this Wirebook. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <Page title={t('shell.pages.settings')} ready={session.isSuccess}>
      {session.data && <Parts session={session.data} />}
    </Page>
  );
}

function Parts(props: { session: SignedIn }): ReactNode {
  const { t } = useTranslation();
  const { session } = props;
  const [privileges, setPrivileges] = useState(false);
  return (
    <>
      <div className="wb-columns">
        <div className="wb-stack">
          <Person session={session} />
          <LookOfPage />
        </div>
        <PasswordForm session={session} />
      </div>
      <Tokens />
      <div className="wb-columns">
        <About />
        <Section title={t('settings.vcenter')}>
          <p>{t('settings.vcenterWhy')}</p>
          <div className="wb-line">
            <ReasonedButton
              why={null}
              aria-expanded={privileges}
              onClick={() => setPrivileges((before) => !before)}
            >
              {t(privileges ? 'settings.hidePrivileges' : 'settings.showPrivileges')}
            </ReasonedButton>
            <Link {...linkTo('accounts')} className="wb-inline-link">
              {t('shell.pages.accounts')}
            </Link>
          </div>
        </Section>
      </div>
      {privileges && <Privileges />}
    </>
  );
}

function Person(props: { session: SignedIn }): ReactNode {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const { name, username, role, hasPassword } = props.session.user;
  return (
    <Section title={t('settings.you')}>
      <Facts
        of={[
          [t('settings.name'), name === username ? null : name],
          [t('settings.username'), username],
          [
            t('settings.role'),
            <span key="role">
              {t(`states.role.${role}`)} <span className="wb-quiet">{t(`settings.roleMay.${role}`)}</span>
            </span>,
          ],
          [
            t('settings.password'),
            hasPassword ? (
              <StateTag key="password" tone="good">
                {t('settings.passwordSet')}
              </StateTag>
            ) : (
              <StateTag key="password" tone="warning">
                {t('settings.passwordNone')}
              </StateTag>
            ),
          ],
        ]}
      />
      {signOut.isError && <ProblemNotice error={signOut.error} />}
      <div className="wb-line">
        <ReasonedButton why={null} loading={signOut.isPending} onClick={() => signOut.mutate()}>
          {t('settings.signOut', { name: username })}
        </ReasonedButton>
        <Link {...linkTo('audit', undefined, { actor: username })} className="wb-inline-link">
          {t('settings.yourEvents')}
        </Link>
      </div>
    </Section>
  );
}

function LookOfPage(): ReactNode {
  const { t } = useTranslation();
  const { language, setLanguage, look, setLook } = useLooks();
  return (
    <Section title={t('settings.looks')}>
      <div className="wb-line">
        <Choice
          labelled
          label={t('shell.language')}
          value={language}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={setLanguage}
        />
        <Choice
          labelled
          label={t('shell.theme')}
          value={look}
          options={looks.map((value) => ({ value, label: t(`shell.looks.${value}`) }))}
          onChange={setLook}
        />
      </div>
      <p className="wb-quiet">{t('settings.looksWhere')}</p>
    </Section>
  );
}

function About(): ReactNode {
  const { t } = useTranslation();
  const status = useStatus();
  return (
    <Section title={t('settings.about')}>
      <Facts
        of={[
          [t('settings.version'), status.data?.version],
          [t('settings.running'), status.data && <Moment key="running" at={status.data.startedAt} />],
        ]}
      />
      <ul className="wb-settings-links">
        <li>
          <a href="/docs" target="_blank" rel="noreferrer">
            {t('settings.apiDocs')}
          </a>{' '}
          <span className="wb-quiet">{t('settings.apiDocsWhat')}</span>
        </li>
        <li>
          <a href="/openapi.json" target="_blank" rel="noreferrer">
            {t('settings.openapi')}
          </a>{' '}
          <span className="wb-quiet">{t('settings.openapiWhat')}</span>
        </li>
        <li>
          <a href="/docs/problems" target="_blank" rel="noreferrer">
            {t('settings.problems')}
          </a>{' '}
          <span className="wb-quiet">{t('settings.problemsWhat')}</span>
        </li>
      </ul>
    </Section>
  );
}
