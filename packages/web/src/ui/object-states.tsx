import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api.ts';
import { StateTag, type Tone } from './state-tag.tsx';

export type AddressState = Schemas['Address']['state'];

const addressTones: Record<AddressState, Tone> = {
  used: 'good',
  held: 'info',
  reserved: 'info',
  dhcp: 'info',
  gateway: 'busy',
  resting: 'busy',
  seen: 'warning',
  conflict: 'bad',
  free: 'quiet',
  not_given: 'quiet',
  outside: 'quiet',
};

export function AddressStateTag(props: { state: AddressState }): ReactNode {
  const { t } = useTranslation();
  return <StateTag tone={addressTones[props.state]}>{t(`states.address.${props.state}`)}</StateTag>;
}

const powerTones = {
  poweredOn: 'good',
  poweredOff: 'quiet',
  suspended: 'warning',
  unknown: 'quiet',
} as const;

/** vSphere's words for power; what it doesn't know, and what is new there, is unknown. */
export function powerOf(state: string): keyof typeof powerTones {
  return state === 'poweredOn' || state === 'poweredOff' || state === 'suspended' ? state : 'unknown';
}

export function PowerTag(props: { state: string }): ReactNode {
  const { t } = useTranslation();
  const power = powerOf(props.state);
  return <StateTag tone={powerTones[power]}>{t(`states.power.${power}`)}</StateTag>;
}

const hostTones = { connected: 'good', disconnected: 'bad', notResponding: 'bad' } as const;

export function HostStateTag(props: { state: string }): ReactNode {
  const { t } = useTranslation();
  const { state } = props;
  if (state !== 'connected' && state !== 'disconnected' && state !== 'notResponding')
    return <StateTag tone="quiet">{state}</StateTag>;
  return <StateTag tone={hostTones[state]}>{t(`states.host.${state}`)}</StateTag>;
}

export type OperationState = Schemas['Operation']['state'];

const operationTones: Record<OperationState, Tone> = {
  queued: 'quiet',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  undone: 'warning',
  cancelled: 'quiet',
};

export function OperationStateTag(props: { state: OperationState }): ReactNode {
  const { t } = useTranslation();
  return <StateTag tone={operationTones[props.state]}>{t(`states.operation.${props.state}`)}</StateTag>;
}
