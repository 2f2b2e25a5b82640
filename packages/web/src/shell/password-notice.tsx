import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import type { SignedIn } from '../session.ts';

const DISMISSED = 'wirebook.no-password-dismissed';

/** Tells whoever came by a link that there is no way back without another one; put aside, it stays away until the browser is closed. */
export function PasswordNotice(props: { session: SignedIn }): ReactNode {
  const { t } = useTranslation();
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem(DISMISSED) !== null);
  if (props.session.user.hasPassword || dismissed) return null;
  return (
    <div className="wb-notice wb-notice-warning wb-password-notice">
      <strong>{t('shell.noPassword')}</strong>
      <span>{t('shell.noPasswordWhy')}</span>
      <Link to={paths.settings} hash="password" className="wb-inline-link">
        {t('shell.setPassword')}
      </Link>
      <Button
        size="small"
        onClick={() => {
          sessionStorage.setItem(DISMISSED, 'true');
          setDismissed(true);
        }}
      >
        {t('shell.later')}
      </Button>
    </div>
  );
}
