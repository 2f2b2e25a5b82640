import type { TFunction } from 'i18next';
import type { Schemas } from '../../api.ts';

type SyncRun = Schemas['SyncRun'];

const kinds = ['hosts', 'virtualSwitches', 'wires', 'servers', 'nics'] as const;

/** What a run changed, in one line: how many objects of each kind, whatever the change. */
export function changesOf(run: SyncRun, t: TFunction): string {
  const parts = kinds.flatMap((kind) => {
    const change = run.changes[kind];
    const count =
      change === undefined ? 0 : change.created + change.updated + change.missing + change.returned;
    return count === 0 ? [] : [`${t(`syncRuns.kind.${kind}`)} ${count}`];
  });
  const { records } = run.changes;
  if (records !== undefined && records.created + records.ended > 0)
    parts.push(t('syncRuns.recordsShort', { created: records.created, ended: records.ended }));
  return parts.length === 0 && run.state === 'succeeded' ? t('syncRuns.nothingChanged') : parts.join(' · ');
}

/** How long a run took, as far as it has come. */
export function durationText(run: SyncRun, t: TFunction): string {
  const end = run.endedAt === null ? Date.now() : Date.parse(run.endedAt);
  const seconds = Math.max(0, (end - Date.parse(run.startedAt)) / 1000);
  return seconds < 90
    ? t('syncRuns.seconds', { seconds: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) })
    : t('syncRuns.minutes', { minutes: Math.round(seconds / 60) });
}
