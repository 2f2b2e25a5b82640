import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { type Destination, linkTo } from '../../paths.ts';
import type { Tone } from '../../ui/state-tag.tsx';
import { isQuiet, splitUnresolved } from '../unresolved/reasons.ts';
import { NEARLY_FULL, useNearlyFull } from './full-networks.ts';

export interface NeedLine {
  readonly key: string;
  readonly tone: Tone;
  readonly text: string;
  readonly to: Destination;
  readonly action: string;
  readonly more?: string;
  readonly parts?: readonly { key: string; count: number; text: string; to: Destination }[];
}

/** What of the controller's own list is told here in more detail. */
const toldHere: ReadonlySet<string> = new Set([
  'account',
  'accounts',
  'operation',
  'networks',
  'conflicts',
  'unresolved',
  'full_networks',
  'findings',
]);

/** One part of the list: undefined until it is known. */
interface Part {
  readonly lines: readonly NeedLine[] | undefined;
  readonly error: unknown;
}

/** What needs a person, the most pressing first: what is read no more, what waits for a word, what is to be mended. */
export function useNeedLines(
  status: Schemas['Status'],
  nics: Schemas['NicSummary'],
): {
  readonly lines: readonly NeedLine[];
  readonly complete: boolean;
  /** Why a part of it isn't known; null where all is. */
  readonly error: unknown;
} {
  const { t } = useTranslation();
  const accounts = useAccountLines();
  const operations = useOperationLines();
  const findings = useFindingLines();
  const full = useFullLines();
  const { counts } = status;
  const { person } = splitUnresolved(nics);
  const lines: NeedLine[] = [...(accounts.lines ?? []), ...(operations.lines ?? [])];
  for (const { kind, text, remedy } of status.attention)
    if (!toldHere.has(kind))
      lines.push({
        key: `${kind} ${text}`,
        tone: 'warning',
        text,
        more: remedy,
        to: linkTo('overview'),
        action: '',
      });
  if (counts.networks === 0 && counts.nics > 0)
    lines.push({
      key: 'networks',
      tone: 'warning',
      text: t('overview.noNetworks', { count: nics.unresolved }),
      to: linkTo('proposals'),
      action: t('overview.do.proposals'),
    });
  if (counts.conflicts > 0)
    lines.push({
      key: 'conflicts',
      tone: 'warning',
      text: t('overview.conflicts', { count: counts.conflicts }),
      to: linkTo('conflicts'),
      action: t('overview.do.conflicts'),
    });
  if (person > 0)
    lines.push({
      key: 'unresolved',
      tone: 'warning',
      text: t('overview.unresolved', { count: person }),
      to: linkTo('unresolved'),
      action: t('overview.do.unresolved'),
      parts: nics.reasons
        .filter(({ code }) => !isQuiet(code))
        .map(({ code, nics: count, text }) => ({
          key: code,
          count,
          text,
          to: linkTo('unresolved', undefined, { reason: code }),
        })),
    });
  lines.push(...(full.lines ?? []), ...(findings.lines ?? []));
  const parts = [accounts, operations, findings, full];
  return {
    lines,
    complete: parts.every((part) => part.lines !== undefined),
    error: parts.find(({ error }) => error !== null)?.error ?? null,
  };
}

function useAccountLines(): Part {
  const { t } = useTranslation();
  const accounts = useQuery({
    queryKey: ['cloud-accounts', 'overview'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/cloud-accounts', { params: { query: { limit: 500 } }, signal })),
  });
  return {
    lines: accounts.data?.items.flatMap((account) => linesOfAccount(account, t)),
    error: accounts.error,
  };
}

function linesOfAccount(account: Schemas['CloudAccount'], t: TFunction): NeedLine[] {
  const { id, name, status, statusText, enabled, lastSync } = account;
  const base = { key: `account ${id}`, to: linkTo('account', id), action: t('overview.do.account') };
  if (!enabled) return [{ ...base, tone: 'quiet', text: t('overview.accountDisabled', { name }) }];
  if (status === 'new' && lastSync?.state === 'running')
    return [
      {
        ...base,
        tone: 'busy',
        text: t('overview.firstRead', { name }),
        to: linkTo('syncRun', lastSync.id),
        action: t('overview.do.watch'),
      },
    ];
  const lines: NeedLine[] = [];
  if (status !== 'ok' && status !== 'new')
    lines.push({
      ...base,
      tone: 'bad',
      text: t('overview.account', { name, state: t(`overview.accountState.${status}`) }),
      ...(statusText !== null && { more: statusText }),
    });
  else if (lastSync?.state === 'failed')
    lines.push({
      ...base,
      tone: 'bad',
      text: t('overview.syncFailed', { name }),
      to: linkTo('syncRun', lastSync.id),
      action: t('overview.do.run'),
    });
  if (lastSync?.state === 'held')
    lines.push({
      ...base,
      key: `held ${id}`,
      tone: 'bad',
      text: t('overview.held', { name }),
      to: linkTo('syncRun', lastSync.id),
      action: t('overview.do.held'),
    });
  return lines;
}

function useOperationLines(): Part {
  const { t } = useTranslation();
  const operations = useQuery({
    queryKey: ['operations', 'failed'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/operations', { params: { query: { state: 'failed', limit: 20 } }, signal })),
  });
  const lines = operations.data?.items
    .filter(({ left }) => left.length > 0)
    .map((operation): NeedLine => ({
      key: `operation ${operation.id}`,
      tone: 'bad',
      text: t('overview.operation', {
        kind: t(`states.operationKind.${operation.kind}`),
        server: operation.server?.name ?? '',
      }),
      more: operation.left.map(({ text }) => text).join(' '),
      to: linkTo('operation', operation.id),
      action: t('overview.do.operation'),
    }));
  return { lines, error: operations.error };
}

function useFindingLines(): Part {
  const { t } = useTranslation();
  const summary = useQuery({
    queryKey: ['findings', 'summary', undefined],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/findings/summary', { params: { query: {} }, signal })),
  });
  const { error } = summary;
  if (summary.data === undefined) return { lines: undefined, error };
  const { findings, kinds } = summary.data;
  if (findings === 0) return { lines: [], error };
  const lines: NeedLine[] = [
    {
      key: 'findings',
      tone: 'info',
      text: t('overview.findings', { count: findings }),
      to: linkTo('findings'),
      action: t('overview.do.findings'),
      parts: kinds.map(({ kind, findings: count }) => ({
        key: kind,
        count,
        text: t(`findings.title.${kind}`),
        to: linkTo('findings', undefined, { kind }),
      })),
    },
  ];
  return { lines, error };
}

function useFullLines(): Part {
  const { t } = useTranslation();
  const { data, error } = useNearlyFull();
  if (data === undefined) return { lines: undefined, error };
  const lines: NeedLine[] = data.first.map(({ id, name, utilisation }) => ({
    key: `full ${id}`,
    tone: 'warning',
    text:
      utilisation === 100
        ? t('overview.full', { name })
        : t('overview.nearlyFull', { name, percent: Math.floor(utilisation ?? 0) }),
    to: linkTo('network', id),
    action: t('overview.do.network'),
  }));
  const more = data.total - data.first.length;
  if (more > 0)
    lines.push({
      key: 'full',
      tone: 'warning',
      text: t('overview.moreFull', { count: more }),
      to: linkTo('networks', undefined, { fullFrom: String(NEARLY_FULL), sort: '-utilisation' }),
      action: t('overview.do.networks'),
    });
  return { lines, error };
}
