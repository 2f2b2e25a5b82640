import { useTranslation } from 'react-i18next';
import { reaches, type Role, useSession } from '../session.ts';

/** Why whoever is signed in may not do what takes the role; null where they may. */
export function useNeeds(needed: Role): string | null {
  const { t } = useTranslation();
  const session = useSession();
  if (!session.data || reaches(session.data, needed)) return null;
  return t('common.notYourRole', {
    role: t(`states.role.${session.data.user.role}`),
    needed: t(`states.role.${needed}`),
  });
}
