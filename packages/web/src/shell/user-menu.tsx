import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../language.ts';
import { useLooks } from '../looks.tsx';
import { paths } from '../paths.ts';
import { type SignedIn, useSignOut } from '../session.ts';
import { looks } from '../theme.ts';
import { Choice } from '../ui/choice.tsx';

/** Language, theme, and who is signed in. */
export function UserMenu(props: { session: SignedIn }): ReactNode {
  const { t } = useTranslation();
  const { language, setLanguage, look, setLook } = useLooks();
  const signOut = useSignOut();
  return (
    <>
      <Choice
        label={t('shell.language')}
        value={language}
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
        onChange={setLanguage}
      />
      <Choice
        label={t('shell.theme')}
        value={look}
        options={looks.map((value) => ({ value, label: t(`shell.looks.${value}`) }))}
        onChange={setLook}
      />
      <Link to={paths.settings} className="wb-user" title={props.session.user.name}>
        {props.session.user.name}
      </Link>
      <Button
        loading={signOut.isPending}
        title={signOut.isError ? signOut.error.message : undefined}
        danger={signOut.isError}
        onClick={() => signOut.mutate()}
      >
        {t('shell.signOut')}
      </Button>
    </>
  );
}
