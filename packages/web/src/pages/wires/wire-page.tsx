import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Spin, Tabs } from 'antd';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useFilters } from '../../ui/filters.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { vlanText } from './vlan.ts';
import { WireFacts } from './wire-facts.tsx';
import { WireFindings } from './wire-findings.tsx';
import { WireHosts } from './wire-hosts.tsx';
import { WireMove } from './wire-move.tsx';
import { WireNetworks } from './wire-networks.tsx';
import { WireNics } from './wire-nics.tsx';
import { WireServers } from './wire-servers.tsx';
import './wires.css';

/** The picture brings a library of its own: only whoever looks at it loads it. */
const WirePicture = lazy(async () => ({
  default: (await import('./picture/wire-picture.tsx')).WirePicture,
}));

const parts = ['picture', 'networks', 'servers', 'nics', 'hosts', 'findings'] as const;
type Part = (typeof parts)[number];

/** One port group: what it is, the networks and servers on it, and the way from them to the physical switch. */
export function WirePage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const wire = useQuery({
    queryKey: ['wire', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/wires/{id}', { params: { path: { id } }, signal })),
  });
  const above = <Link {...linkTo('wires')}>{t('shell.pages.wires')}</Link>;
  if (wire.data === undefined)
    return (
      <Page title={t('wires.facts.portGroup')} above={above} ready={wire.isError}>
        {wire.isError ? (
          <ProblemNotice error={wire.error} retry={() => void wire.refetch()} />
        ) : (
          <Spin aria-label={t('common.loading')} />
        )}
      </Page>
    );
  return <Shown wire={wire.data} above={above} />;
}

function Shown({ wire, above }: { wire: Schemas['Wire']; above: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const part = parts.find((one) => one === filters['part']) ?? 'picture';
  const findings = useQuery({
    queryKey: ['findings', 'wire', wire.id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/findings', { params: { query: { wire: wire.id, limit: 500 } }, signal })),
  });
  const counts: Record<Part, number | undefined> = {
    picture: 0,
    networks: wire.counts.networks,
    servers: wire.counts.servers,
    nics: wire.counts.nics,
    hosts: wire.hostVlans.length,
    findings: findings.data?.total ?? findings.data?.items.length,
  };
  const content: Record<Part, () => ReactNode> = {
    picture: () => (
      <Suspense fallback={<Spin aria-label={t('common.loading')} />}>
        <WirePicture wire={wire} />
      </Suspense>
    ),
    networks: () => <WireNetworks wire={wire} suggestions={findings.data?.items ?? []} />,
    servers: () => <WireServers wire={wire} />,
    nics: () => <WireNics wire={wire} />,
    hosts: () => <WireHosts wire={wire} />,
    findings: () => <WireFindings findings={findings} />,
  };
  return (
    <Page
      title={wire.name}
      above={above}
      aside={
        <>
          <strong>{vlanText(wire.vlan, t)}</strong>
          <span>{t(`states.wireKind.${wire.kind}`)}</span>
          {wire.purpose !== 'vm' && <span>{t(`states.wirePurpose.${wire.purpose}`)}</span>}
          <RefLink to="account" of={wire.account} />
          {wire.missingSince !== null && <StateTag tone="bad">{t('wires.missing')}</StateTag>}
          {wire.vlanDisagreement && <StateTag tone="warning">{t('wires.disagrees')}</StateTag>}
        </>
      }
      actions={<WireMove wire={wire} />}
    >
      {wire.missingSince !== null && (
        <Notice kind="warning" title={t('wires.missing')}>
          <p>
            {t('wires.missingSince')} <Moment at={wire.missingSince} />
          </p>
        </Notice>
      )}
      {wire.vlanDisagreement && (
        <Notice kind="warning" title={t('wires.disagreement')}>
          <p>{t('wires.disagreementWhy')}</p>
          <Link {...linkTo('wire', wire.id, { part: 'hosts' })} className="wb-inline-link">
            {t('wires.seeHosts')}
          </Link>
        </Notice>
      )}
      <WireFacts wire={wire} />
      <Tabs
        activeKey={part}
        destroyOnHidden
        more={{ icon: <span>{t('common.more')}</span> }}
        onChange={(key) =>
          // Each list has its own search and order.
          setFilters({ part: key === 'picture' ? undefined : key, q: undefined, sort: undefined })
        }
        items={parts.map((key) => ({
          key,
          label:
            key === 'picture'
              ? t('wires.parts.picture')
              : t(`wires.parts.${key}`, { count: counts[key] ?? 0 }),
          children: key === part ? content[key]() : null,
        }))}
      />
    </Page>
  );
}
