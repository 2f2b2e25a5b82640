import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { Moment } from '../../../ui/moment.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { RefLink } from '../../../ui/ref-link.tsx';
import { AddressActions } from './address-actions.tsx';
import { AddressStateTag } from '../../../ui/object-states.tsx';

type Explained = Schemas['Why']['addresses'][number];

/** One address: who has it and why, what can be done with it, and who had it. */
export function AddressPanel(props: { network: Schemas['Network']; ip: string }): ReactNode {
  const { t } = useTranslation();
  const { network, ip } = props;
  const space = network.space.name;
  const why = useQuery({
    queryKey: ['why', space, ip],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/addresses/{ip}/why', { params: { path: { ip }, query: { space } }, signal })),
  });
  if (why.isPending) return <Spin aria-label={t('common.loading')} />;
  if (why.isError) return <ProblemNotice error={why.error} retry={() => void why.refetch()} />;
  const explained = why.data.addresses.find((one) => one.ip === ip);
  if (explained === undefined) return null;
  return (
    <>
      <Facts explained={explained} />
      {explained.conflicts.map((one) => (
        <Notice
          key={one.id}
          kind="warning"
          title={<Link {...linkTo('conflict', one.id)}>{t('networks.selected.conflict')}</Link>}
        >
          {one.text}
        </Notice>
      ))}
      <AddressActions network={network} explained={explained} />
      <Why why={why.data} explained={explained} />
      <History explained={explained} />
      <Link {...linkTo('address', ip, { space })}>{t('networks.selected.all')}</Link>
    </>
  );
}

function Facts(props: { explained: Explained }): ReactNode {
  const { server, holder, nic, key, source, since, expiresAt, state, seenOn, shared } = props.explained;
  const { t } = useTranslation();
  return (
    <dl className="wb-facts">
      <Fact name={t('networks.table.state')} value={<AddressStateTag state={state} />} />
      <Fact
        name={t('networks.selected.server')}
        value={server === null ? null : <RefLink to="server" of={server} />}
      />
      <Fact name={t('networks.mac')} value={nic?.mac ?? holder?.mac} />
      <Fact name={t('networks.selected.holder')} value={holder?.name} />
      <Fact name={t('networks.selected.owner')} value={holder?.owner} />
      <Fact name={t('networks.selected.note')} value={holder?.note} />
      <Fact name={t('networks.selected.key')} value={key} />
      <Fact name={t('networks.source')} value={source === null ? null : t(`states.source.${source}`)} />
      <Fact name={t('networks.since')} value={since === null ? null : <Moment at={since} />} />
      <Fact name={t('networks.until')} value={expiresAt === null ? null : <Moment at={expiresAt} />} />
      <Fact name={t('networks.selected.shared')} value={shared ? t('common.yes') : null} />
      <Fact
        name={t('networks.selected.seenOn')}
        value={
          seenOn.length === 0
            ? null
            : seenOn.map((one) => (
                <div key={`${one.server.id} ${one.interface}`}>
                  <RefLink to="server" of={one.server} />{' '}
                  {one.wire !== null && <RefLink to="wire" of={one.wire} />}
                </div>
              ))
        }
      />
    </dl>
  );
}

/** A line of the facts; none where nothing is known. */
function Fact(props: { name: string; value: ReactNode }): ReactNode {
  if (props.value === null || props.value === undefined || props.value === '') return null;
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </>
  );
}

/** The controller's whole answer to: why is it free, or not? */
function Why(props: { why: Schemas['Why']; explained: Explained }): ReactNode {
  const { t } = useTranslation();
  const { why, explained } = props;
  return (
    <section aria-label={t('networks.selected.why')} className="wb-selected-part">
      <h4>{t('networks.selected.why')}</h4>
      <p>{why.answer}</p>
      {why.remedy !== null && <p className="wb-remedy">{why.remedy}</p>}
      {explained.obstacles.length > 1 && (
        <ul className="wb-bullets">
          {explained.obstacles.map((one) => (
            <li key={one.code}>
              {one.text} <span className="wb-quiet">{one.remedy}</span>
            </li>
          ))}
        </ul>
      )}
      {why.nics.map((one) => (
        <dl key={one.nic.id} className="wb-facts wb-small">
          <Fact
            name={t('networks.selected.nic')}
            value={
              <>
                <RefLink to="server" of={one.nic.server} /> {one.nic.label}
              </>
            }
          />
          {one.wire !== null && (
            <Fact
              name={t('networks.wire')}
              value={
                <>
                  <RefLink to="wire" of={one.wire} /> {t('networks.selected.vlan', { vlan: one.wire.vlan })}
                </>
              }
            />
          )}
          {one.host !== null && (
            <Fact name={t('networks.selected.host')} value={<RefLink to="host" of={one.host} />} />
          )}
          {one.neighbours.map(({ device, neighbour }) => (
            <Fact key={device} name={device} value={neighbour} />
          ))}
        </dl>
      ))}
    </section>
  );
}

function History(props: { explained: Explained }): ReactNode {
  const { t } = useTranslation();
  const { history } = props.explained;
  return (
    <section aria-label={t('networks.selected.history')} className="wb-selected-part">
      <h4>{t('networks.selected.history')}</h4>
      {history.length === 0 && <p className="wb-quiet">{t('networks.selected.noHistory')}</p>}
      <ol className="wb-history">
        {history.map((one) => (
          <li key={`${one.from} ${one.server?.name ?? ''} ${one.nic?.id ?? ''}`}>
            <div>
              {one.server !== null && one.server.id !== null ? (
                <RefLink to="server" of={{ id: one.server.id, name: one.server.name }} />
              ) : (
                (one.server?.name ?? one.holder?.name ?? one.key ?? t('networks.selected.nobody'))
              )}{' '}
              <span className="wb-quiet">{t(`states.source.${one.source}`)}</span>
            </div>
            <div className="wb-quiet wb-small">
              <Moment at={one.from} /> –{' '}
              {one.to === null ? t('networks.selected.today') : <Moment at={one.to} />}
              {one.ended !== null && ` · ${one.ended}`}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
