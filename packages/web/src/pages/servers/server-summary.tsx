import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Section } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';

/** What a server is and where, with its tags. */
export function ServerSummary(props: { server: Schemas['Server'] }): ReactNode {
  const { t } = useTranslation();
  const { server } = props;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('servers.account'), <RefLink key="account" to="account" of={server.account} />],
    [t('states.kind.host'), server.host && <RefLink key="host" to="host" of={server.host} />],
    [t('servers.datacenter'), server.datacenter],
    [t('servers.cluster'), server.cluster],
    [t('servers.folder'), server.folder],
    [t('servers.guestHostName'), server.guestHostName],
  ];
  const identity: readonly (readonly [string, ReactNode])[] = [
    [t('servers.instanceUuid'), server.instanceUuid && <Copyable key="u" text={server.instanceUuid} />],
    [t('servers.biosUuid'), server.biosUuid && <Copyable key="b" text={server.biosUuid} />],
    [t('servers.moref'), server.moref && <Copyable key="m" text={server.moref} />],
    [t('servers.firstSeen'), <Moment key="f" at={server.createdAt} />],
    [t('servers.tags'), <Tags key="t" tags={server.tags} />],
  ];
  return (
    <Section title={t('servers.facts')}>
      <div className="wb-columns">
        <Facts of={facts} />
        <Facts of={identity} />
      </div>
    </Section>
  );
}

function Tags(props: { tags: Readonly<Record<string, string>> }): ReactNode {
  const { t } = useTranslation();
  const tags = Object.entries(props.tags);
  if (tags.length === 0) return <span className="wb-quiet">{t('servers.noTags')}</span>;
  return tags.map(([key, value]) => (
    <div key={key}>
      <code>{key}</code>
      {key === 'sync_ips' ? (
        <>
          {' '}
          <span className="wb-quiet">{t('servers.syncIps')}</span>{' '}
          {value.split(',').map((ip, at) => (
            <span key={ip}>
              {at > 0 && ', '}
              <AddressLink ip={ip} />
            </span>
          ))}
        </>
      ) : (
        ` ${value}`
      )}
    </div>
  ));
}
