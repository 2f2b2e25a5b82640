import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFilters } from '../../ui/filters.ts';

/** What a list is narrowed by because a link led here so: shown, and taken away by a click. */
export function Chip(props: { name: string; label: string }): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const value = filters[props.name] ?? '';
  if (value === '') return null;
  return (
    <button
      type="button"
      className="wb-net-chip"
      aria-label={t('networks.withoutFilter', { filter: `${props.label} ${value}` })}
      onClick={() => change({ [props.name]: undefined })}
    >
      {props.label} <span className="wb-code">{value}</span>
      <span aria-hidden="true"> ×</span>
    </button>
  );
}
