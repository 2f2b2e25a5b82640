import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { AddressLink, RefLink } from '../../../ui/ref-link.tsx';
import { StateTag } from '../../../ui/state-tag.tsx';
import { vlanText } from '../vlan.ts';
import { type Mark, type PictureHost } from './arrange-hosts.ts';
import { litClass } from './picture-cards.tsx';
import { markText, markTone } from './picture-words.ts';
import { portText, shortName } from './server-path.ts';
import { UplinkRows } from './uplink-rows.tsx';

export interface HostLaneData extends Record<string, unknown> {
  readonly host: PictureHost;
  readonly wire: Schemas['WirePicture']['wire'];
  readonly space: string;
  readonly server: string;
  readonly path: readonly Schemas['PicturePath'][];
  readonly lit: ReadonlySet<string> | false | null;
}

/** One host: its switch and VLAN, its uplinks, and the ports of the physical switches behind them. */
export const HostLane = memo(function HostLane({ data }: NodeProps<Node<HostLaneData>>): ReactNode {
  const { t } = useTranslation();
  const { host, wire, path, lit } = data;
  return (
    <div className={`wb-lane${litClass(lit === null ? null : lit !== false)}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="wb-lane-host">
        <div className="wb-card-line">
          <RefLink to="host" of={host.host} />
        </div>
        <SwitchLine host={host} />
        <div className="wb-card-line">
          <Link {...linkTo('servers', undefined, { wire: wire.id, host: host.host.id })}>
            {t('wires.picture.servers', { count: host.servers })}
          </Link>
          {host.cluster !== null && (
            <span className="wb-quiet wb-ellipsis" title={host.cluster}>
              {host.cluster}
            </span>
          )}
        </div>
        {host.problems.map(({ code, text }) => (
          <MarkLine key={`${code} ${text}`} mark={code} text={text} />
        ))}
        {host.maintenance && <MarkLine mark="maintenance" />}
        {path.map(({ nic, ips }) => (
          <div key={nic.id} className="wb-lane-nic">
            <div className="wb-card-line">
              <span aria-hidden="true">▸</span>
              <RefLink to="nic" of={{ id: nic.id, name: nic.label }} />
            </div>
            <div className="wb-card-line wb-code">{nic.mac}</div>
            <div className="wb-card-line" title={ips.map(({ ip }) => ip).join(', ')}>
              {ips.length === 0
                ? t('wires.picture.path.noIp')
                : ips.map(({ ip }) => <AddressLink key={ip} ip={ip} space={data.space} />)}
            </div>
          </div>
        ))}
      </div>
      <UplinkRows
        uplinks={host.uplinks}
        lit={lit}
        port={({ neighbour }) =>
          neighbour === null ? (
            <span className="wb-quiet">{t('wires.picture.noNeighbour')}</span>
          ) : (
            <span
              className="wb-port"
              title={[
                portText(neighbour),
                neighbour.protocol.toUpperCase(),
                ...(neighbour.address === null ? [] : [neighbour.address]),
                ...(neighbour.vlan === null
                  ? []
                  : [t('wires.picture.neighbourVlan', { vlan: neighbour.vlan })]),
              ].join(' · ')}
            >
              <span className="wb-ellipsis">{shortName(neighbour.switch)}</span>
              <span>{neighbour.port}</span>
            </span>
          )
        }
      />
    </div>
  );
});

/** On which switch the host has the wire, and on which VLAN. */
export function SwitchLine({ host }: { host: PictureHost }): ReactNode {
  const { t } = useTranslation();
  const vlan = host.vlan === null ? t('wires.picture.notHere') : vlanText(host.vlan, t);
  return (
    <div className="wb-card-line wb-quiet">
      <span className={host.deviates ? 'wb-vlan wb-vlan-deviates' : 'wb-vlan'} title={vlan}>
        {vlan}
      </span>
      <span title={host.switch?.name} className="wb-ellipsis">
        {host.switch === null
          ? t('wires.picture.noSwitch')
          : t('wires.picture.onSwitch', { switch: host.switch.name })}
      </span>
    </div>
  );
}

/** What disagrees, in a few words with a sign; the whole sentence for whoever points at it, and in the table. */
export function MarkLine({ mark, text }: { mark: Mark; text?: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="wb-card-mark" title={text}>
      <StateTag tone={markTone(mark)}>{markText(mark, t)}</StateTag>
    </div>
  );
}
