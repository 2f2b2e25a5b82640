import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** `allowClear` of a field, with a word for those who hear it: the controls' own is the name of their icon, in English. */
export function useClearing(): { readonly clearIcon: ReactNode } {
  const { t } = useTranslation();
  return {
    clearIcon: (
      <span role="img" aria-label={t('common.clear')} title={t('common.clear')}>
        ✕
      </span>
    ),
  };
}
