import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import type { Draft } from './draft.ts';

/** How often it is asked how far the simulated vCenter has come, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/** A vCenter with a made-up estate, for those who want to look before they give Wirebook their own. Nothing where the controller has none. */
export function Simulated(props: { onReady: (draft: Draft) => void }): ReactNode {
  const { t } = useTranslation();
  const start = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/simulated-vcenter')),
    onSuccess: ({ url, username, password, sha256 }) =>
      props.onReady({ url, trust: sha256, username, password }),
  });
  const offered = useQuery({
    queryKey: ['simulated-vcenter'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/simulated-vcenter', { signal })),
    refetchInterval: start.isPending ? LOOK_AGAIN_MS : false,
  });
  if (offered.data?.available !== true) return null;
  return (
    <Section title={t('start.simulated.title')}>
      <p>{t('start.simulated.intro')}</p>
      <p className="wb-quiet">{offered.data.note}</p>
      <div className="wb-line">
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {t('start.simulated.start')}
        </Button>
        <span role="status" className="wb-quiet">
          {start.isPending && (offered.data.progress ?? t('start.simulated.starting'))}
        </span>
      </div>
      {start.isError && <ProblemNotice error={start.error} />}
    </Section>
  );
}
