import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { AddressLink, RefLink } from '../../../ui/ref-link.tsx';
import { StateTag } from '../../../ui/state-tag.tsx';
import { vlanText } from '../vlan.ts';
import type { Lane } from './arrange-hosts.ts';
import { useServerName } from './picture-tools.tsx';
import type { PictureNetwork } from './place-lanes.ts';

/** Whether a part is on the chosen server's way; null while none is chosen. */
export type Lit = boolean | null;

export function litClass(lit: Lit): string {
  return lit === null ? '' : lit ? ' wb-lit' : ' wb-dim';
}

export const NetworkCard = memo(function NetworkCard({
  data,
}: NodeProps<Node<{ network: PictureNetwork | null; space: string; wireId: string; lit: Lit }>>): ReactNode {
  const { t } = useTranslation();
  const { network } = data;
  if (network === null)
    return (
      <div className="wb-card wb-card-none">
        <strong>{t('wires.picture.noNetworks')}</strong>
        <p>{t('wires.picture.noNetworksWhy')}</p>
      </div>
    );
  return (
    <div className={`wb-card${litClass(data.lit)}`}>
      <div className="wb-card-line">
        <RefLink to="network" of={network} />
      </div>
      <div className="wb-card-line wb-code">{network.cidr}</div>
      <div className="wb-card-line wb-quiet">
        {network.gateway === null ? (
          t('wires.picture.noGateway')
        ) : (
          <>
            {t('wires.picture.gatewayOf')} <AddressLink ip={network.gateway} space={data.space} />
          </>
        )}
      </div>
      <div className="wb-card-line wb-quiet">
        {t(`wires.onNetworks.${network.origin}`)}
        {' · '}
        <Link {...linkTo('servers', undefined, { network: network.id, wire: data.wireId })}>
          {t('wires.picture.servers', { count: network.servers })}
        </Link>
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

export const WireCard = memo(function WireCard({
  data,
}: NodeProps<Node<{ picture: Schemas['WirePicture']; lit: Lit }>>): ReactNode {
  const { t } = useTranslation();
  const { wire, summary } = data.picture;
  return (
    <div className={`wb-card wb-card-wire${litClass(data.lit)}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="wb-card-line" title={wire.name}>
        <strong>{wire.name}</strong>
      </div>
      <div className="wb-card-line">
        <span className="wb-vlan">{vlanText(wire.vlan, t)}</span>
      </div>
      <div className="wb-card-line wb-quiet" title={wire.virtualSwitch?.name}>
        {wire.virtualSwitch === null
          ? t(`states.wireKind.${wire.kind}`)
          : t('wires.picture.onSwitch', { switch: wire.virtualSwitch.name })}
      </div>
      <div className="wb-card-line wb-quiet">
        <Link {...linkTo('servers', undefined, { wire: wire.id })}>
          {t('wires.picture.servers', { count: summary.servers })}
        </Link>
      </div>
      <div className="wb-card-line wb-quiet">
        <Link {...linkTo('wire', wire.id, { part: 'hosts' })}>
          {t('wires.picture.hosts', { count: summary.hosts })}
        </Link>
      </div>
      {wire.missingSince !== null && <StateTag tone="bad">{t('wires.missing')}</StateTag>}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

export const HeadingLane = memo(function HeadingLane({
  data,
}: NodeProps<Node<{ lane: Extract<Lane, { kind: 'heading' }>; server: string }>>): ReactNode {
  const { t } = useTranslation();
  const { of, hosts } = data.lane;
  const server = useServerName(of.kind === 'path' ? data.server : '');
  const title =
    of.kind === 'path'
      ? t('wires.picture.pathOf', { server })
      : of.kind === 'marked'
        ? t('wires.picture.toLookAt')
        : of.name === null
          ? t('wires.picture.noCluster')
          : t('wires.picture.cluster', { name: of.name });
  return (
    <div className="wb-lane-heading">
      <h3 title={title}>{title}</h3>
      <span className="wb-quiet">{t('wires.picture.hosts', { count: hosts })}</span>
    </div>
  );
});
