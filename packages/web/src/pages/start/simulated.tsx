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
      props.onReady({ url, trust: sha256, username, password, name: t('start.preview.simulated') }),
  });
  const offered = useQuery({
    queryKey: ['simulated-vcenter'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/simulated-vcenter', { signal })),
    refetchInterval: ({ state }) =>
      start.isPending || state.data?.starting === true ? LOOK_AGAIN_MS : false,
  });
  if (offered.isPending)
    return (
      <p role="status" className="wb-quiet">
        {t('start.simulated.looking')}
      </p>
    );
  if (offered.data?.available !== true) return null;
  // It may have been begun before somebody came back to this page.
  const starting = start.isPending || offered.data.starting;
  return (
    <Section title={t('start.simulated.title')}>
      <p>{t('start.simulated.intro')}</p>
      <p className="wb-quiet">{offered.data.note}</p>
      <div className="wb-line">
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {t('start.simulated.start')}
        </Button>
        <span role="status" className="wb-quiet">
          {starting && (offered.data.progress ?? t('start.simulated.starting'))}
        </span>
      </div>
      {start.isError && <ProblemNotice error={start.error} />}
    </Section>
  );
}
