import { Input } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, tell } from '../../api.ts';
import type { SignedIn } from '../../session.ts';
import { useAct } from '../../ui/act.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';

/** As the API has it: PASSWORD_AT_LEAST and PASSWORD_AT_MOST of the contract. */
const LENGTH = { least: 12, most: 128 } as const;
const nothing = { current: '', password: '', again: '' };

/** Changes the password, or sets the first one; other sessions of the same person end with it. */
export function PasswordForm(props: { session: SignedIn }): ReactNode {
  const { t } = useTranslation();
  const { username, hasPassword } = props.session.user;
  const [{ current, password, again }, setEntered] = useState(nothing);
  const id = useId();
  const change = useAct(
    () => tell(api.PUT('/api/v1/session/password', { body: { password, ...(hasPassword && { current }) } })),
    {
      done: () => {
        setEntered(nothing);
        return t(hasPassword ? 'settings.passwordChanged' : 'settings.passwordMade');
      },
    },
  );
  const why =
    hasPassword && current === ''
      ? t('settings.currentMissing')
      : password.length < LENGTH.least || password.length > LENGTH.most
        ? t('settings.passwordLength', LENGTH)
        : password !== again
          ? t('settings.againDiffers')
          : null;
  const field = (name: keyof typeof nothing, value: string, label: string, kind: string): ReactNode => (
    <div className="wb-field">
      <label htmlFor={`${id}-${name}`}>{label}</label>
      <Input.Password
        id={`${id}-${name}`}
        autoComplete={kind}
        value={value}
        aria-describedby={name === 'password' ? `${id}-length` : undefined}
        onChange={(event) => setEntered((before) => ({ ...before, [name]: event.target.value }))}
      />
    </div>
  );
  return (
    <Section title={t(hasPassword ? 'settings.changePassword' : 'settings.firstPassword')}>
      <form
        id="password"
        className="wb-form wb-settings-password"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null && !change.isPending) change.mutate();
        }}
      >
        {!hasPassword && <p>{t('settings.firstPasswordWhy')}</p>}
        {/* For the browser's store of passwords, which wants to know whose it is. */}
        <input type="text" autoComplete="username" value={username} readOnly hidden />
        {hasPassword && field('current', current, t('settings.current'), 'current-password')}
        {field('password', password, t('settings.newPassword'), 'new-password')}
        <p id={`${id}-length`} className="wb-quiet">
          {t('settings.passwordLength', LENGTH)} {t('settings.passwordEnds')}
        </p>
        {field('again', again, t('settings.again'), 'new-password')}
        {change.isError && <ProblemNotice error={change.error} />}
        <div>
          <ReasonedButton type="primary" htmlType="submit" loading={change.isPending} why={why}>
            {t(hasPassword ? 'settings.changePassword' : 'settings.firstPassword')}
          </ReasonedButton>
        </div>
      </form>
    </Section>
  );
}
