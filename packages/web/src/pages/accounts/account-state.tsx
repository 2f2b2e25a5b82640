import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { StateTag, type Tone } from '../../ui/state-tag.tsx';

export type Account = Schemas['CloudAccount'];

const tones: Record<Account['status'], Tone> = {
  new: 'quiet',
  ok: 'good',
  unreachable: 'bad',
  refused: 'bad',
  untrusted: 'warning',
  failed: 'bad',
};

export function AccountState(props: { account: Account }): ReactNode {
  const { t } = useTranslation();
  const { status, enabled } = props.account;
  if (!enabled) return <StateTag tone="quiet">{t('accounts.off')}</StateTag>;
  return <StateTag tone={tones[status]}>{t(`accounts.status.${status}`)}</StateTag>;
}
