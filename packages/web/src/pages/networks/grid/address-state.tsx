import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { StateTag, type Tone } from '../../../ui/state-tag.tsx';

const tones: Record<Schemas['Address']['state'], Tone> = {
  used: 'busy',
  held: 'busy',
  reserved: 'info',
  dhcp: 'info',
  gateway: 'quiet',
  resting: 'warning',
  seen: 'warning',
  conflict: 'bad',
  free: 'good',
  not_given: 'quiet',
  outside: 'quiet',
};

/** The state of an address as a word. */
export function AddressState(props: { state: Schemas['Address']['state'] }): ReactNode {
  const { t } = useTranslation();
  return <StateTag tone={tones[props.state]}>{t(`states.address.${props.state}`)}</StateTag>;
}
