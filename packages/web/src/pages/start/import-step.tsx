import { Link } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useAct } from '../../ui/act.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';

/** The first sync, as it goes. */
export function ImportStep(props: { account: Schemas['CloudAccount']; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { account } = props;
  const queries = useQueryClient();
  const notMine = useNeeds('operator');
  const [started, setStarted] = useState<string | null>(null);
  const run = started ?? account.lastSync?.id ?? null;
  const [last, setLast] = useState<Schemas['SyncRun'] | null>(null);
  const again = useAct(
    () =>
      ask(api.POST('/api/v1/cloud-accounts/{id}/sync', { params: { path: { id: account.id } }, body: {} })),
    {
      done: (begun) => {
        setLast(null);
        setStarted(begun.id);
        return null;
      },
    },
  );
  const done = last?.state === 'succeeded' || account.lastCompleteSyncAt !== null;
  return (
    <Section title={t('start.import.title', { name: account.name })}>
      <p>{t('start.import.intro')}</p>
      {run === null ? (
        <p>{t('start.import.noRun')}</p>
      ) : (
        <RunProgress
          id={run}
          onEnd={(ended) => {
            setLast(ended);
            void queries.invalidateQueries();
          }}
        />
      )}
      {again.isError && <ProblemNotice error={again.error} />}
      <div className="wb-line">
        {(run === null || (last !== null && last.state !== 'succeeded')) && (
          <ReasonedButton why={notMine} loading={again.isPending} onClick={() => again.mutate()}>
            {t('start.import.again')}
          </ReasonedButton>
        )}
        {run !== null && <Link {...linkTo('syncRun', run)}>{t('start.import.details')}</Link>}
        {done && <GoOn label={t('start.import.next')} onClick={props.onDone} />}
      </div>
    </Section>
  );
}

/** Takes the focus when it comes, so that the keyboard goes on where the flow does. */
function GoOn(props: { label: string; onClick: () => void }): ReactNode {
  const [button, setButton] = useState<HTMLElement | null>(null);
  useEffect(() => button?.focus(), [button]);
  return (
    <Button type="primary" ref={setButton} onClick={props.onClick}>
      {props.label}
    </Button>
  );
}
