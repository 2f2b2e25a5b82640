import { Link } from '@tanstack/react-router';
import { Progress } from 'antd';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../api.ts';
import { linkTo } from '../paths.ts';
import { useFollowed } from './follow.ts';
import { StateTag, type Tone } from './state-tag.tsx';

type SyncRun = Schemas['SyncRun'];

const tones: Record<SyncRun['state'], Tone> = {
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  held: 'warning',
  cancelled: 'quiet',
};

export function SyncStateTag(props: { state: SyncRun['state'] }): ReactNode {
  const { t } = useTranslation();
  return <StateTag tone={tones[props.state]}>{t(`states.sync.${props.state}`)}</StateTag>;
}

/** A sync run while it runs: its phase, done of total, and at the end what came of it or why it failed. */
export function RunProgress(props: { id: string; onEnd?: (run: SyncRun) => void }): ReactNode {
  const { t } = useTranslation();
  const { object: run, broken } = useFollowed<SyncRun>(
    `/api/v1/sync-runs/${encodeURIComponent(props.id)}/events`,
    props.onEnd,
  );
  if (run === null) return <p role="status">{broken ? t('common.unreachable') : t('common.loading')}</p>;
  const { done, total } = run.progress;
  return (
    <div className="wb-stack">
      <div className="wb-line" role="status">
        <SyncStateTag state={run.state} />
        {run.state === 'running' && (
          <span>
            {t('syncRuns.phase', { phase: phaseName(t, run.phase) })}
            {done > 0 &&
              ` · ${total === null ? t('syncRuns.read', { done }) : t('syncRuns.readOf', { done, total })}`}
          </span>
        )}
        {broken && run.state === 'running' && <span>{t('syncRuns.waiting')}</span>}
      </div>
      <Progress
        aria-label={t('syncRuns.progress')}
        percent={percentOf(run)}
        status={run.state === 'running' ? 'active' : run.state === 'succeeded' ? 'success' : 'exception'}
      />
      {run.failure !== null && <Failure id={run.id} told={run.failure} />}
      {run.state === 'succeeded' && <RunCounts run={run} />}
      {run.errors.length > 0 && (
        <p>
          <Link {...linkTo('syncRun', run.id)}>
            {t('syncRuns.errorsTitle', { count: run.errors.length })}
          </Link>
        </p>
      )}
    </div>
  );
}

/** Why it failed. What the events tell is in the language that the browser asks for, which may not be the one that the page is read in. */
function Failure(props: { id: string; told: NonNullable<SyncRun['failure']> }): ReactNode {
  const { id } = props;
  const read = useQuery({
    queryKey: ['sync-run', id, 'failure'],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/sync-runs/{id}', { params: { path: { id } }, signal }))).failure,
  });
  if (read.isPending) return null;
  const { text, remedy } = read.data ?? props.told;
  return (
    <div className="wb-notice wb-notice-problem" role="alert">
      <strong>{text}</strong>
      <p className="wb-remedy">{remedy}</p>
    </div>
  );
}

/** The phases of a sync in their order, and how much of the whole is behind one when each begins. Nearly all of the time goes into reading servers. */
const phases = {
  waiting: 0,
  connect: 1,
  folders: 3,
  networks: 5,
  hosts: 8,
  neighbours: 12,
  servers: 15,
  plan: 75,
  apply: 80,
  ended: 100,
} as const;
type Phase = keyof typeof phases;
const phaseNames = Object.keys(phases).filter((name): name is Phase => name in phases);

function knownPhase(phase: string): Phase | undefined {
  return phaseNames.find((name) => name === phase);
}

function percentOf(run: SyncRun): number {
  if (run.state === 'succeeded') return 100;
  const phase = knownPhase(run.phase);
  if (phase === undefined) return 0;
  const end = phases[phaseNames[phaseNames.indexOf(phase) + 1] ?? 'ended'];
  const { done, total } = run.progress;
  const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
  return Math.floor(phases[phase] + (end - phases[phase]) * share);
}

export function phaseName(t: TFunction, phase: string): string {
  const known = knownPhase(phase);
  return known === undefined ? phase : t(`states.phase.${known}`);
}

const changeNames = ['created', 'updated', 'missing', 'returned'] as const;
const changed = ['hosts', 'virtualSwitches', 'wires', 'servers', 'nics'] as const;

/** What a run changed, in one line per kind. */
function RunCounts(props: { run: SyncRun }): ReactNode {
  const { t } = useTranslation();
  const { changes } = props.run;
  const lines = changed.flatMap((kind) => {
    const change = changes[kind];
    if (change === undefined) return [];
    const { created, updated, missing, returned } = change;
    return created + updated + missing + returned === 0
      ? []
      : [{ kind, created, updated, missing, returned }];
  });
  if (lines.length === 0) return <p>{t('syncRuns.nothingChanged')}</p>;
  return (
    <ul className="wb-run-counts">
      {lines.map(({ kind, ...counts }) => (
        <li key={kind}>
          {t(`syncRuns.kind.${kind}`)}{' '}
          {changeNames
            .filter((change) => counts[change] > 0)
            .map((change) => t(`syncRuns.change.${change}`, { count: counts[change] }))
            .join(', ')}
        </li>
      ))}
    </ul>
  );
}
