import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, tell } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { reaches, useSession } from '../../session.ts';
import { useAct } from '../../ui/act.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';
import { grouped } from '../start/draft.ts';
import { Privileges } from '../start/privileges.tsx';
import { RunList } from '../sync-runs/run-list.tsx';
import { type Account, AccountState } from './account-state.tsx';
import { AccountUpdate } from './account-update.tsx';

/** One vCenter or ESXi: whether it can be reached, when it was read, and what can be done with it. */
export function AccountPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const account = useQuery({
    queryKey: ['account', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/cloud-accounts/{id}', { params: { path: { id } }, signal })),
  });
  if (account.data === undefined)
    return (
      <Page title={t('accounts.one')} ready={account.isError}>
        {account.isError ? (
          <ProblemNotice error={account.error} retry={() => void account.refetch()} />
        ) : (
          <p role="status">{t('common.loading')}</p>
        )}
      </Page>
    );
  return <Shown account={account.data} />;
}

function Shown(props: { account: Account }): ReactNode {
  const { t } = useTranslation();
  const { account } = props;
  const path = { id: account.id };
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const [run, setRun] = useState<string | null>(
    account.lastSync?.state === 'running' ? account.lastSync.id : null,
  );
  const role = session.data?.user.role ?? 'viewer';
  const needs = (needed: 'operator' | 'administrator'): string | null =>
    reaches(session.data, needed)
      ? null
      : t('common.notYourRole', { role: t(`states.role.${role}`), needed: t(`states.role.${needed}`) });
  const sync = useAct(
    (dryRun: boolean) =>
      ask(api.POST('/api/v1/cloud-accounts/{id}/sync', { params: { path }, body: { dryRun } })),
    {
      done: ({ id }) => {
        setRun(id);
        return null;
      },
    },
  );
  const test = useAct(() => ask(api.POST('/api/v1/cloud-accounts/{id}/test', { params: { path } })), {
    done: ({ name, version }) => t('accounts.tested', { name, version }),
  });
  return (
    <Page
      title={account.name}
      above={<Link {...linkTo('accounts')}>{t('accounts.title')}</Link>}
      aside={<AccountState account={account} />}
      actions={
        <>
          <ReasonedButton
            type="primary"
            why={needs('operator')}
            loading={sync.isPending}
            onClick={() => sync.mutate(false)}
          >
            {t('accounts.sync')}
          </ReasonedButton>
          <ReasonedButton why={needs('operator')} loading={sync.isPending} onClick={() => sync.mutate(true)}>
            {t('accounts.syncDryRun')}
          </ReasonedButton>
          <ReasonedButton why={needs('operator')} loading={test.isPending} onClick={() => test.mutate()}>
            {t('accounts.test')}
          </ReasonedButton>
          <ReasonedButton why={needs('administrator')} onClick={() => setEditing(true)}>
            {t('common.edit')}
          </ReasonedButton>
          <PreviewedAction
            label={t('accounts.remove')}
            title={t('accounts.removeTitle', { name: account.name })}
            danger
            why={needs('administrator')}
            preview={(signal) =>
              ask(
                api.GET('/api/v1/servers', { params: { query: { account: account.id, limit: 1 } }, signal }),
              )
            }
            describe={({ total }) => <p>{t('accounts.removeEffect', { count: total ?? 0 })}</p>}
            act={() => tell(api.DELETE('/api/v1/cloud-accounts/{id}', { params: { path } }))}
            done={() => t('accounts.removed', { name: account.name })}
            afterwards={() => void navigate(linkTo('accounts'))}
          />
        </>
      }
    >
      {account.statusText !== null && (
        <Notice kind="warning" title={account.statusText}>
          {account.statusRemedy !== null && <p className="wb-remedy">{account.statusRemedy}</p>}
        </Notice>
      )}
      {sync.isError && <ProblemNotice error={sync.error} />}
      {test.isError && <ProblemNotice error={test.error} />}
      {run !== null && (
        <Section
          title={t('accounts.running')}
          actions={
            <div className="wb-line">
              <Link {...linkTo('syncRun', run)}>{t('accounts.runDetails')}</Link>
              <Button onClick={() => setRun(null)}>{t('common.close')}</Button>
            </div>
          }
        >
          <RunProgress id={run} onEnd={() => void queries.invalidateQueries()} />
        </Section>
      )}
      <Section title={t('accounts.facts')}>
        <dl className="wb-facts">
          <dt>{t('accounts.columns.url')}</dt>
          <dd>{account.url}</dd>
          <dt>{t('accounts.user')}</dt>
          <dd>{account.username}</dd>
          <dt>{t('accounts.columns.kind')}</dt>
          <dd>
            {t(`accounts.kind.${account.kind}`)} {account.version}
          </dd>
          <dt>{t('accounts.instance')}</dt>
          <dd className="wb-code">{account.instanceUuid}</dd>
          <dt>{t('accounts.trust')}</dt>
          <dd>
            {account.insecure ? (
              t('accounts.insecure')
            ) : account.trust === null ? (
              t('accounts.byAuthority')
            ) : (
              <code>{grouped(account.trust.sha256)}</code>
            )}
          </dd>
          <dt>{t('accounts.columns.space')}</dt>
          <dd>{account.space.name}</dd>
          <dt>{t('accounts.every')}</dt>
          <dd>{account.enabled ? t('accounts.seconds', { count: account.syncEvery }) : t('accounts.off')}</dd>
          <dt>{t('accounts.columns.lastComplete')}</dt>
          <dd>
            {account.lastCompleteSyncAt === null ? (
              t('accounts.never')
            ) : (
              <Moment at={account.lastCompleteSyncAt} />
            )}
          </dd>
        </dl>
        <div className="wb-line">
          <Link {...linkTo('servers', undefined, { account: account.id })}>{t('shell.pages.servers')}</Link>
          <Link {...linkTo('wires', undefined, { account: account.id })}>{t('shell.pages.wires')}</Link>
          <Link {...linkTo('hosts', undefined, { account: account.id })}>{t('shell.pages.hosts')}</Link>
          <Link {...linkTo('start', undefined, { account: account.id, step: 'networks' })}>
            {t('shell.pages.proposals')}
          </Link>
        </div>
      </Section>
      <Section title={t('accounts.runs')}>
        <RunList account={account.id} height="320px" />
      </Section>
      <Privileges />
      {editing && <AccountUpdate account={account} onClose={() => setEditing(false)} />}
    </Page>
  );
}
