import type { UseQueryResult } from '@tanstack/react-query';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from './problem-notice.tsx';

/** What a query brings, once it is there; until then that it loads, or why it can't be had. */
export function Loaded<T>(props: { of: UseQueryResult<T>; children: (data: T) => ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { of } = props;
  if (of.data !== undefined) return props.children(of.data);
  if (of.isError) return <ProblemNotice error={of.error} retry={() => void of.refetch()} />;
  return <Spin aria-label={t('common.loading')} />;
}
