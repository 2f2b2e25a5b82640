import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../language.ts';
import { useLooks } from '../looks.tsx';
import { paths } from '../paths.ts';
import type { SignedIn } from '../session.ts';
import { looks } from '../theme.ts';
import { Choice } from '../ui/choice.tsx';

/** Language, theme, and who is signed in. */
export function UserMenu(props: { session: SignedIn }): ReactNode {
  const { t } = useTranslation();
  const { language, setLanguage, look, setLook } = useLooks();
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
      <Link to={paths.settings}>{props.session.user.name}</Link>
    </>
  );
}
