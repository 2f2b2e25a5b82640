import type { TFunction } from 'i18next';
import type { Tone } from '../../../ui/state-tag.tsx';
import { graveMarks, type Mark, type PictureHost } from './arrange-hosts.ts';
import type { PictureUplink } from './server-path.ts';

export function roleText(role: PictureUplink['role'], t: TFunction): string {
  return role === null ? t('wires.picture.roleUnknown') : t(`wires.picture.${role}`);
}

export function linkText({ device, up }: Pick<PictureUplink, 'device' | 'up'>, t: TFunction): string {
  if (device === null) return t('wires.picture.noDevice');
  if (up === null) return t('wires.picture.linkUnknown');
  return up ? t('wires.picture.up') : t('wires.picture.down');
}

export function linkTone({ device, up, role }: Pick<PictureUplink, 'device' | 'up' | 'role'>): Tone {
  if (device === null || up === null) return 'quiet';
  if (up) return role === 'unused' ? 'quiet' : 'good';
  return role === 'unused' ? 'quiet' : 'bad';
}

const GIGABIT = 1000;

export function speedText(mbps: number | null, t: TFunction): string | null {
  if (mbps === null) return null;
  return mbps >= GIGABIT
    ? t('wires.picture.speedG', { speed: mbps / GIGABIT })
    : t('wires.picture.speedM', { speed: mbps });
}

export function markTone(mark: Mark): Tone {
  return graveMarks.has(mark) ? 'bad' : 'warning';
}

export function markText(mark: Mark, t: TFunction): string {
  return mark === 'maintenance' ? t('wires.picture.maintenance') : t(`wires.picture.problem.${mark}`);
}

/** How the host is, in a word: as vCenter calls its connection, or that it is in maintenance. */
export function stateText({ state, maintenance }: PictureHost, t: TFunction): string {
  const word =
    state === 'connected' || state === 'disconnected' || state === 'notResponding'
      ? t(`states.host.${state}`)
      : state;
  return maintenance ? `${word}, ${t('wires.picture.maintenance')}` : word;
}
