import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';

type Run = Schemas['SyncRun'];
const kinds = ['hosts', 'virtualSwitches', 'wires', 'servers', 'nics'] as const;
const ways = ['created', 'updated', 'missing', 'returned'] as const;

export function hasChanges(run: Run): boolean {
  const { objects: _, ...counted } = run.changes;
  return Object.keys(counted).length > 0;
}

/** What a reading of an account has changed, by kind. */
export function RunWords(props: { run: Run }): ReactNode {
  const { t } = useTranslation();
  const { run } = props;
  const { changes } = run;
  const words: string[] = [];
  for (const kind of kinds)
    for (const way of ways) {
      const count = changes[kind]?.[way] ?? 0;
      if (count > 0)
        words.push(t(`overview.change.${way}`, { count, kind: t(`overview.kinds.${kind}`, { count }) }));
    }
  const { created = 0, ended = 0 } = changes.records ?? {};
  if (created > 0) words.push(t('overview.change.recorded', { count: created }));
  if (ended > 0) words.push(t('overview.change.ended', { count: ended }));
  return (
    <Link {...linkTo('syncRun', run.id)}>
      {t('overview.read', { account: run.account.name, changes: words.join(t('overview.comma')) })}
    </Link>
  );
}
