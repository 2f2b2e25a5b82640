import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { Moment } from '../../ui/moment.tsx';
import { PowerTag } from '../../ui/object-states.tsx';
import { Section } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import type { Side } from './conflict-words.tsx';

const sources = ['tools', 'manual', 'allocated'] as const;

/** All that speaks for one side, in the same order on both, so that the eye can compare. */
export function ConflictSide(props: { title: string; side: Side; ip: string }): ReactNode {
  const { t } = useTranslation();
  const { side, ip } = props;
  const source = sources.find((one) => one === side.source);
  return (
    <Section title={props.title}>
      <dl className="wb-facts">
        {side.server === null ? (
          <Outside side={side} />
        ) : (
          <>
            <dt>{t('conflicts.server')}</dt>
            <dd>
              <RefLink to="server" of={side.server} />
            </dd>
            <dt>{t('conflicts.toolsSay')}</dt>
            <dd>
              {side.reporting ? (
                <StateTag tone="good">{t('conflicts.reporting', { ip })}</StateTag>
              ) : (
                <StateTag tone="quiet">{t('conflicts.silent', { ip })}</StateTag>
              )}
            </dd>
            <dt>{t('conflicts.power')}</dt>
            <dd>{side.powerState !== null && <PowerTag state={side.powerState} />}</dd>
            <dt>{t('conflicts.nic')}</dt>
            <dd>
              {side.nic !== null && (
                <RefLink to="nic" of={{ id: side.nic.id, name: side.nic.mac ?? t('conflicts.nic') }} />
              )}
            </dd>
            <dt>{t('conflicts.card')}</dt>
            <dd>
              {side.connected === true
                ? t('conflicts.connected')
                : side.connected === false && (
                    <StateTag tone="warning">{t('conflicts.disconnected')}</StateTag>
                  )}
            </dd>
            <dt>{t('conflicts.wire')}</dt>
            <dd>{side.wire === null ? t('common.none') : <RefLink to="wire" of={side.wire} />}</dd>
            <ServerFacts id={side.server.id} />
          </>
        )}
        <dt>{t('conflicts.source')}</dt>
        <dd>{source === undefined ? side.source : t(`conflicts.sources.${source}`)}</dd>
        <dt>{t('conflicts.firstSeen')}</dt>
        <dd>{side.firstSeenAt === null ? t('conflicts.never') : <Moment at={side.firstSeenAt} />}</dd>
        <dt>{t('conflicts.lastSeen')}</dt>
        <dd>{side.lastSeenAt === null ? t('conflicts.never') : <Moment at={side.lastSeenAt} />}</dd>
      </dl>
    </Section>
  );
}

/** What tells two servers of one name or one origin apart. */
function ServerFacts(props: { id: string }): ReactNode {
  const { t } = useTranslation();
  const server = useQuery({
    queryKey: ['servers', props.id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/servers/{id}', { params: { path: { id: props.id } }, signal })),
  });
  const { data } = server;
  if (data === undefined) return null;
  return (
    <>
      <dt>{t('conflicts.tools')}</dt>
      <dd>{t(`states.tools.${data.toolsStatus}`)}</dd>
      <dt>{t('conflicts.guestName')}</dt>
      <dd>{data.guestHostName ?? t('common.none')}</dd>
      <dt>{t('conflicts.host')}</dt>
      <dd>{data.host === null ? t('common.none') : <RefLink to="host" of={data.host} />}</dd>
      <dt>{t('conflicts.folder')}</dt>
      <dd>{data.folder ?? t('common.none')}</dd>
      <dt>{t('conflicts.account')}</dt>
      <dd>
        <RefLink to="account" of={data.account} />
      </dd>
    </>
  );
}

function Outside(props: { side: Side }): ReactNode {
  const { t } = useTranslation();
  const { holder } = props.side;
  return (
    <>
      <dt>{t('conflicts.outside')}</dt>
      <dd>{holder?.name ?? t('common.none')}</dd>
      <dt>{t('conflicts.owner')}</dt>
      <dd>{holder?.owner ?? t('common.none')}</dd>
      <dt>{t('conflicts.mac')}</dt>
      <dd className="wb-code">{holder?.mac ?? t('common.none')}</dd>
      <dt>{t('conflicts.note')}</dt>
      <dd>{holder?.note ?? t('common.none')}</dd>
    </>
  );
}
