import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useFollowed } from '../../ui/follow.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { OperationStateTag } from '../../ui/object-states.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { OperationCancel } from './operation-cancel.tsx';
import { OperationLog } from './operation-log.tsx';
import { OperationResult } from './operation-result.tsx';
import { OperationSteps } from './operation-steps.tsx';
import { isUnderWay, type Operation, titleOf, tookText } from './operation-words.ts';
import './operations.css';

/** One operation, live while it runs: its steps, what it says, what came of it, and what one can still do about it. */
export function OperationPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const { operation, error, retry, broken } = useOperation(id);
  if (operation === undefined)
    return (
      <Page title={t('operations.one')} ready={error !== null}>
        {error === null ? (
          <p role="status">{t('common.loading')}</p>
        ) : (
          <ProblemNotice error={error} retry={retry} />
        )}
      </Page>
    );
  const { server, account, requestedBy, parent } = operation;
  return (
    <Page
      title={titleOf(operation, t)}
      above={<Link {...linkTo('operations')}>{t('shell.pages.operations')}</Link>}
      aside={
        <>
          <OperationStateTag state={operation.state} />
          <span>
            <Moment at={operation.createdAt} /> · {tookText(operation, t)}
          </span>
          {requestedBy !== null && <span>{t('operations.requestedBy', { name: requestedBy })}</span>}
          <RefLink to="account" of={account} />
          {server !== null && server.id !== null && (
            <Link {...linkTo('server', server.id)}>{t('operations.toServer')}</Link>
          )}
          {parent !== null && <Link {...linkTo('operation', parent)}>{t('operations.parent')}</Link>}
          {operation.kind === 'create_servers' && (
            <Link {...linkTo('operations', undefined, { parent: operation.id })}>
              {t('operations.toParts')}
            </Link>
          )}
        </>
      }
      actions={<OperationCancel operation={operation} />}
    >
      {broken && isUnderWay(operation) && <Notice kind="warning" title={t('operations.broken')} />}
      <Outcome operation={operation} />
      <OperationResult operation={operation} />
      <Section title={t('operations.course')}>
        <OperationSteps operation={operation} />
      </Section>
      <OperationLog operation={operation} />
    </Page>
  );
}

/**
 * The operation as it stands. Its events say when to read it again: they are sent in the language that the browser asks for, which may not be the one
 * that the page is read in.
 */
function useOperation(id: string) {
  const queries = useQueryClient();
  const queryKey = ['operation', id];
  const read = useQuery({
    queryKey,
    queryFn: ({ signal }) => ask(api.GET('/api/v1/operations/{id}', { params: { path: { id } }, signal })),
  });
  const follows = read.data !== undefined && isUnderWay(read.data);
  const { object, broken } = useFollowed<Operation>(
    follows ? `/api/v1/operations/${encodeURIComponent(id)}/events` : null,
    // A server, its NICs and addresses have come or gone.
    () => void queries.invalidateQueries(),
  );
  const told = object?.updatedAt;
  const known = read.data?.updatedAt;
  const { refetch } = read;
  useEffect(() => {
    if (told !== undefined && told !== known) void refetch({ cancelRefetch: false });
    // Only what is told asks for another reading; what is read may be newer already.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [told, refetch]);
  return { operation: read.data, error: read.error, retry: () => void refetch(), broken };
}

function Outcome(props: { operation: Operation }): ReactNode {
  const { t } = useTranslation();
  const { operation } = props;
  const { state, error, left, warnings, cancelRequested } = operation;
  return (
    <>
      {cancelRequested && isUnderWay(operation) && <Notice kind="info" title={t('operations.cancelAsked')} />}
      {error !== null && (state === 'failed' || state === 'undone' || state === 'cancelled') && (
        <div
          className={`wb-notice ${state === 'failed' ? 'wb-notice-problem' : 'wb-notice-warning'}`}
          role="alert"
        >
          <strong>{t(`operations.failedTitle.${state}`)}</strong>
          <p>{error.text}</p>
          {error.remedy !== '' && <p className="wb-remedy">{error.remedy}</p>}
          {left.length > 0 && (
            <>
              <strong>{t('operations.left')}</strong>
              <ul>
                {left.map(({ code, text }) => (
                  <li key={`${code} ${text}`}>{text}</li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
      {state === 'cancelled' && error === null && (
        <Notice kind="info" title={t('operations.failedTitle.cancelled')} />
      )}
      {warnings.length > 0 && (
        <Notice kind="warning" title={t('operations.warnings')}>
          <ul>
            {warnings.map(({ code, text }) => (
              <li key={`${code} ${text}`}>{text}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
