import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { ConflictDecision } from './conflict-decision.tsx';
import { ConflictSide } from './conflict-side.tsx';
import { sideName, Standing } from './conflict-words.tsx';
import './conflicts.css';

type Conflict = Schemas['Conflict'];

/** One address that two say they have: both sides beside each other, and the decision. */
export function ConflictPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const conflict = useQuery({
    queryKey: ['conflicts', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/conflicts/{id}', { params: { path: { id } }, signal })),
  });
  const { data } = conflict;
  return (
    <Page
      title={data === undefined ? t('shell.pages.conflicts') : t('conflicts.title', { ip: data.ip })}
      above={<Link {...linkTo('conflicts')}>{t('shell.pages.conflicts')}</Link>}
      ready={!conflict.isPending}
      aside={data !== undefined && <Facts conflict={data} />}
    >
      {conflict.isError && <ProblemNotice error={conflict.error} retry={() => void conflict.refetch()} />}
      {data !== undefined && (
        <>
          <Notice kind={data.endedAt === null ? 'warning' : 'info'} title={data.text}>
            {data.endedAt !== null && <p>{t('conflicts.isOver')}</p>}
          </Notice>
          <div className="wb-sides">
            {data.holders.map((side) => (
              <ConflictSide
                key={`holder ${sideName(side)}`}
                title={t('conflicts.holderSide', { who: sideName(side) })}
                side={side}
                ip={data.ip}
              />
            ))}
            {data.claimants.map((side) => (
              <ConflictSide
                key={`claimant ${side.nic?.id ?? sideName(side)}`}
                title={t('conflicts.claimantSide', { who: sideName(side) })}
                side={side}
                ip={data.ip}
              />
            ))}
          </div>
          {data.endedAt === null && <ConflictDecision conflict={data} />}
          <Before conflict={data} />
        </>
      )}
    </Page>
  );
}

function Facts(props: { conflict: Conflict }): ReactNode {
  const { t } = useTranslation();
  const { conflict } = props;
  return (
    <>
      <Standing conflict={conflict} />
      <AddressLink ip={conflict.ip} space={conflict.space.id} />
      <span>{conflict.space.name}</span>
      <RefLink to="network" of={conflict.network} />
      <span>{t(`conflicts.kind.${conflict.kind}`)}</span>
      <span>
        {t('conflicts.since')} <Moment at={conflict.since} />
      </span>
      {conflict.endedAt !== null && (
        <span>
          {t('conflicts.ended')} <Moment at={conflict.endedAt} />
        </span>
      )}
      {conflict.resolvedAt !== null && (
        <span>
          {t('conflicts.decidedBy')} <Moment at={conflict.resolvedAt} />{' '}
          {conflict.resolvedBy !== null && t('conflicts.by', { who: conflict.resolvedBy })}
        </span>
      )}
    </>
  );
}

/** What was about the same address earlier: who has lost or won it before. */
function Before(props: { conflict: Conflict }): ReactNode {
  const { t } = useTranslation();
  const { id, ip, space } = props.conflict;
  const before = useQuery({
    queryKey: ['conflicts', 'of', ip],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/conflicts', { params: { query: { ip, resolved: 'any', limit: 50 } }, signal })),
  });
  const others = before.data?.items.filter((other) => other.id !== id && other.space.id === space.id) ?? [];
  if (others.length === 0) return null;
  return (
    <Section title={t('conflicts.history')}>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('conflicts.since')}</th>
              <th scope="col">{t('conflicts.holder')}</th>
              <th scope="col">{t('conflicts.claimant')}</th>
              <th scope="col">{t('conflicts.decision')}</th>
            </tr>
          </thead>
          <tbody>
            {others.map((other) => (
              <tr key={other.id}>
                <td>
                  <Link {...linkTo('conflict', other.id)}>
                    <Moment at={other.since} />
                  </Link>
                </td>
                <td>{other.holders.map(sideName).join(', ')}</td>
                <td>{other.claimants.map(sideName).join(', ')}</td>
                <td>
                  <Standing conflict={other} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
