import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { reaches, useSession } from '../../session.ts';
import { useAct } from '../../ui/act.ts';
import { Choice } from '../../ui/choice.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { kindWord } from '../../ui/kind-words.ts';
import { phaseName, RunProgress } from '../../ui/run-progress.tsx';
import { durationText } from './run-words.ts';
import './sync-runs.css';

type SyncRun = Schemas['SyncRun'];

/** One reading of an account: as it goes, what it changed object by object (or would change), what it could not read. */
export function SyncRunPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const session = useSession();
  const run = useQuery({
    queryKey: ['sync-run', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/sync-runs/{id}', { params: { path: { id } }, signal })),
  });
  const cancel = useAct(() => ask(api.POST('/api/v1/sync-runs/{id}/cancel', { params: { path: { id } } })), {
    done: () => t('syncRuns.cancelling'),
  });
  const role = session.data?.user.role ?? 'viewer';
  if (run.data === undefined)
    return (
      <Page title={t('syncRuns.one')} ready={run.isError}>
        {run.isError ? (
          <ProblemNotice error={run.error} retry={() => void run.refetch()} />
        ) : (
          <p role="status">{t('common.loading')}</p>
        )}
      </Page>
    );
  const { data } = run;
  return (
    <Page
      title={t(data.dryRun ? 'syncRuns.dryRunOf' : 'syncRuns.of', { account: data.account.name })}
      above={<Link {...linkTo('syncRuns')}>{t('syncRuns.title')}</Link>}
      aside={
        <>
          <RefLink to="account" of={data.account} />
          <span>
            <Moment at={data.startedAt} /> · {durationText(data, t)}
          </span>
        </>
      }
      actions={
        data.state === 'running' && (
          <ReasonedButton
            loading={cancel.isPending}
            why={
              reaches(session.data, 'operator')
                ? null
                : t('common.notYourRole', {
                    role: t(`states.role.${role}`),
                    needed: t('states.role.operator'),
                  })
            }
            onClick={() => cancel.mutate()}
          >
            {t('syncRuns.cancel')}
          </ReasonedButton>
        )
      }
    >
      {cancel.isError && <ProblemNotice error={cancel.error} />}
      {data.dryRun && (
        <Notice kind="info" title={t('syncRuns.dryRunMeans')}>
          <Link {...linkTo('account', data.account.id)}>{t('syncRuns.toAccount')}</Link>
        </Notice>
      )}
      <Section title={t('syncRuns.course')}>
        <RunProgress id={id} onEnd={() => void run.refetch()} />
        <Durations run={data} />
      </Section>
      {data.errors.length > 0 && <Errors run={data} />}
      <Changes run={data} />
    </Page>
  );
}

/** As they follow one another; the API tells them in no order. */
const order = ['connect', 'folders', 'networks', 'hosts', 'neighbours', 'servers', 'plan', 'apply'];

function placeOf(phase: string): number {
  const place = order.indexOf(phase);
  return place < 0 ? order.length : place;
}

function Durations(props: { run: SyncRun }): ReactNode {
  const { t } = useTranslation();
  const phases = Object.entries(props.run.durations).toSorted(
    ([one], [other]) => placeOf(one) - placeOf(other),
  );
  if (phases.length === 0) return null;
  return (
    <p className="wb-quiet">
      {phases
        .map(([phase, ms]) =>
          t('syncRuns.phaseTook', {
            phase: phaseName(t, phase),
            seconds: (ms / 1000).toFixed(1),
          }),
        )
        .join(' · ')}
    </p>
  );
}

function Errors(props: { run: SyncRun }): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t('syncRuns.errorsTitle', { count: props.run.errors.length })}>
      <div className="wb-scroll-x" role="region" aria-label={t('syncRuns.columns.errors')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('syncRuns.object')}</th>
              <th scope="col">{t('syncRuns.what')}</th>
            </tr>
          </thead>
          <tbody>
            {props.run.errors.map(({ object, kind, text }) => (
              <tr key={`${kind} ${object} ${text}`}>
                <td>
                  <Link {...linkTo('search', undefined, { q: object })}>{object}</Link>
                </td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const signs = { created: '+', updated: '~', missing: '−', returned: '↺' } as const;
const SHOWN = 500;

/** What changed, as a diff: object by object, with the fields. */
function Changes(props: { run: SyncRun }): ReactNode {
  const { t } = useTranslation();
  const { objects = [] } = props.run.changes;
  const [kind, setKind] = useState('any');
  const kinds = useMemo(() => [...new Set(objects.map((object) => object.kind))], [objects]);
  if (objects.length === 0) return null;
  const shown = objects.filter((object) => kind === 'any' || object.kind === kind);
  return (
    <Section
      title={t(props.run.dryRun ? 'syncRuns.wouldChange' : 'syncRuns.didChange')}
      actions={
        <Choice
          label={t('syncRuns.kindOfObject')}
          value={kind}
          options={[
            { value: 'any', label: t('common.all') },
            ...kinds.map((value) => ({ value, label: kindWord(value, t) })),
          ]}
          onChange={setKind}
        />
      }
    >
      <ul className="wb-diff">
        {shown.slice(0, SHOWN).map((object) => (
          <li
            key={`${object.kind} ${object.name} ${object.change} ${object.fields.join(' ')}`}
            className={`wb-diff-${object.change}`}
          >
            <span aria-hidden="true">{signs[object.change]}</span>{' '}
            <span className="wb-visually-hidden">{t(`syncRuns.changeWord.${object.change}`)}</span>
            {kindWord(object.kind, t)} <strong>{object.name}</strong>
            {object.fields.length > 0 && <span className="wb-quiet"> {object.fields.join(', ')}</span>}
          </li>
        ))}
      </ul>
      {shown.length > SHOWN && <p>{t('syncRuns.moreObjects', { count: shown.length - SHOWN })}</p>}
    </Section>
  );
}
