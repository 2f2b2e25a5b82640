import type { TFunction } from 'i18next';
import type { Schemas } from '../../api.ts';

export type Operation = Schemas['Operation'];
export type Step = Operation['steps'][number];

export const operationKinds = [
  'create_server',
  'create_servers',
  'delete_server',
  'attach_nic',
  'detach_nic',
  'change_nic',
] as const;
export const operationStates = ['queued', 'running', 'succeeded', 'failed', 'undone', 'cancelled'] as const;

/** What an operation is, as one says it: "Create web-01". */
export function titleOf({ kind, server }: Pick<Operation, 'kind' | 'server'>, t: TFunction): string {
  return t(`operations.title.${kind}`, { server: server?.name ?? '' });
}

export function isUnderWay({ state }: Pick<Operation, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/** Whether there is anything to take back: it runs, or it, or a part of it, failed and left something. */
export function isCancellable(operation: Operation): boolean {
  if (operation.cancelRequested) return false;
  return isUnderWay(operation) || operation.left.length > 0 || failedParts(operation).length > 0;
}

/** The names of the servers that failed and left something, of an operation that makes several. */
export function failedParts({ kind, result }: Operation): readonly string[] {
  if (kind !== 'create_servers') return [];
  return (result?.servers ?? []).flatMap(({ server, state }) => (state === 'failed' ? [server.name] : []));
}

/** The step that an operation is at, or stopped at. */
export function currentStep({ steps }: Pick<Operation, 'steps'>): Step | undefined {
  return (
    steps.find(({ state }) => state === 'running' || state === 'undoing') ??
    steps.find(({ state }) => state === 'failed' || state === 'not_undone')
  );
}

/** How long something took, or has taken so far. */
export function tookText(
  { startedAt, endedAt }: { readonly startedAt: string | null; readonly endedAt: string | null },
  t: TFunction,
): string {
  if (startedAt === null) return '';
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  const seconds = Math.max(0, (end - Date.parse(startedAt)) / 1000);
  if (seconds < 60)
    return t('operations.seconds', { seconds: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) });
  const whole = Math.round(seconds);
  return t('operations.minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}
