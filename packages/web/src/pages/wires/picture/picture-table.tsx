import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { RefLink } from '../../../ui/ref-link.tsx';
import { StateTag } from '../../../ui/state-tag.tsx';
import { vlanText } from '../vlan.ts';
import { type Lane, marksOf, type PictureHost } from './arrange-hosts.ts';
import { linkText, linkTone, markText, markTone, roleText, speedText, stateText } from './picture-words.ts';
import { type LitPath, portText } from './server-path.ts';

/** The same as the drawing, host by host, for whoever reads rather than looks. */
export function PictureTable(props: {
  picture: Schemas['WirePicture'];
  lanes: readonly Lane[];
  lit: LitPath | null;
}): ReactNode {
  const { t } = useTranslation();
  const hosts = new Map(
    props.lanes.flatMap((lane) =>
      lane.kind === 'host'
        ? [[lane.host.host.id, lane.host] as const]
        : lane.kind === 'group'
          ? lane.hosts.map((host) => [host.host.id, host] as const)
          : [],
    ),
  );
  return (
    <>
      <NetworksTable picture={props.picture} />
      <div className="wb-scroll-x" role="region" aria-label={t('wires.hosts')} tabIndex={0}>
        <table className="wb-plain wb-picture-table">
          <caption className="wb-visually-hidden">{t('wires.picture.label')}</caption>
          <thead>
            <tr>
              <th>{t('wires.host')}</th>
              <th>{t('wires.picture.columns.cluster')}</th>
              <th>{t('wires.state')}</th>
              <th className="wb-end">{t('wires.servers')}</th>
              <th>{t('wires.switch')}</th>
              <th>{t('wires.vlan')}</th>
              <th>{t('wires.picture.columns.uplink')}</th>
              <th>{t('wires.picture.columns.role')}</th>
              <th>{t('wires.picture.columns.link')}</th>
              <th>{t('wires.picture.columns.port')}</th>
              <th>{t('wires.picture.columns.disagrees')}</th>
            </tr>
          </thead>
          <tbody>
            {[...hosts.values()].map((host) => (
              <HostRows
                key={host.host.id}
                host={host}
                wireId={props.picture.wire.id}
                lit={props.lit?.hosts.get(host.host.id) ?? null}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function NetworksTable({ picture }: { picture: Schemas['WirePicture'] }): ReactNode {
  const { t } = useTranslation();
  if (picture.networks.length === 0) return <p className="wb-quiet">{t('wires.picture.noNetworks')}</p>;
  return (
    <div className="wb-scroll-x" role="region" aria-label={t('wires.networks')} tabIndex={0}>
      <table className="wb-plain">
        <thead>
          <tr>
            <th>{t('wires.networks')}</th>
            <th>{t('wires.onNetworks.range')}</th>
            <th>{t('wires.onNetworks.gateway')}</th>
            <th>{t('wires.onNetworks.origin')}</th>
            <th className="wb-end">{t('wires.servers')}</th>
          </tr>
        </thead>
        <tbody>
          {picture.networks.map((network) => (
            <tr key={network.id}>
              <td>
                <RefLink to="network" of={network} />
              </td>
              <td className="wb-code">{network.cidr}</td>
              <td className="wb-code">{network.gateway}</td>
              <td>{t(`wires.onNetworks.${network.origin}`)}</td>
              <td className="wb-end">{network.servers}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HostRows(props: { host: PictureHost; wireId: string; lit: ReadonlySet<string> | null }): ReactNode {
  const { t } = useTranslation();
  const { host, lit } = props;
  const uplinks = host.uplinks.length === 0 ? [null] : host.uplinks;
  const span = { rowSpan: uplinks.length };
  return uplinks.map((uplink, index) => (
    <tr
      key={uplink?.name ?? 'none'}
      className={lit !== null && (uplink === null || lit.has(uplink.name)) ? 'wb-lit-row' : undefined}
    >
      {index === 0 && (
        <>
          <td {...span} className="wb-wide-cell">
            <RefLink to="host" of={host.host} />
          </td>
          <td {...span}>{host.cluster}</td>
          <td {...span}>{stateText(host, t)}</td>
          <td {...span} className="wb-end">
            <Link {...linkTo('servers', undefined, { wire: props.wireId, host: host.host.id })}>
              {host.servers}
            </Link>
          </td>
          <td {...span} className="wb-wide-cell">
            {host.switch?.name}
          </td>
          <td {...span}>{host.vlan === null ? t('wires.picture.notHere') : vlanText(host.vlan, t)}</td>
        </>
      )}
      {uplink === null ? (
        <td colSpan={4} className="wb-quiet">
          {t('wires.picture.noUplinks')}
        </td>
      ) : (
        <>
          <td>
            {uplink.device ?? uplink.name}
            {uplink.device !== null && uplink.device !== uplink.name && (
              <span className="wb-quiet"> {uplink.name}</span>
            )}
          </td>
          <td>{roleText(uplink.role, t)}</td>
          <td className="wb-nowrap">
            <StateTag tone={linkTone(uplink)}>{linkText(uplink, t)}</StateTag>{' '}
            {speedText(uplink.speedMbps, t)}
          </td>
          <td className="wb-wide-cell">
            {uplink.neighbour === null ? (
              <span className="wb-quiet">{t('wires.picture.noNeighbour')}</span>
            ) : (
              portText(uplink.neighbour)
            )}
          </td>
        </>
      )}
      {index === 0 && (
        <td {...span} className="wb-words-cell">
          {host.problems.map(({ code, text }) => (
            <div key={`${code} ${text}`}>
              <StateTag tone={markTone(code)}>{markText(code, t)}</StateTag> {text}
            </div>
          ))}
          {host.maintenance && marksOf(host).length === 1 && (
            <StateTag tone="warning">{t('wires.picture.maintenance')}</StateTag>
          )}
        </td>
      )}
    </tr>
  ));
}
