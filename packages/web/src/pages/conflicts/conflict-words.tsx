import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { StateTag } from '../../ui/state-tag.tsx';

type Conflict = Schemas['Conflict'];
export type Side = Conflict['holders'][number];
export type Resolution = Schemas['ResolveConflictInput']['resolution'];

/** Who it is: the server, or the holder outside vCenter. */
export function sideName(side: Side | undefined): string {
  return side?.server?.name ?? side?.holder?.name ?? side?.nic?.mac ?? '–';
}

export function isOpen(conflict: Conflict): boolean {
  return conflict.endedAt === null && conflict.resolution === null;
}

/** Whether it waits for a decision, and how it was decided. */
export function Standing(props: { conflict: Conflict }): ReactNode {
  const { t } = useTranslation();
  const { conflict } = props;
  if (conflict.resolution !== null)
    return <StateTag tone="good">{t(`conflicts.standing.${conflict.resolution}`)}</StateTag>;
  if (conflict.endedAt !== null) return <StateTag tone="quiet">{t('conflicts.standing.over')}</StateTag>;
  return <StateTag tone="warning">{t('conflicts.standing.waiting')}</StateTag>;
}
