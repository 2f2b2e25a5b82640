import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Button } from 'antd';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Lane, marksOf, type PictureHost } from './arrange-hosts.ts';
import { MarkLine, SwitchLine } from './host-lane.tsx';
import { litClass, type Lit } from './picture-cards.tsx';
import { shortName } from './server-path.ts';
import { UplinkRows } from './uplink-rows.tsx';

interface GroupLaneData extends Record<string, unknown> {
  readonly lane: Extract<Lane, { kind: 'group' }>;
  readonly toggle: (key: string) => void;
  readonly lit: Lit;
}

/** Hosts that look the same, as one: what they have in common, and how many ports of how many switches they are plugged into. */
export const GroupLane = memo(function GroupLane({ data }: NodeProps<Node<GroupLaneData>>): ReactNode {
  const { t } = useTranslation();
  const { hosts, first, open, key } = data.lane;
  const title = t('wires.picture.alike', { count: hosts.length });
  const names = hosts.map(({ host }) => host.name);
  const button = (
    <Button
      size="small"
      aria-expanded={open}
      aria-label={t(open ? 'wires.picture.closeOf' : 'wires.picture.openOf', {
        group: `${title} ${names[0] ?? ''}`,
      })}
      onClick={() => data.toggle(key)}
    >
      {open ? t('wires.picture.close') : t('wires.picture.open')}
    </Button>
  );
  if (open)
    return (
      <div className="wb-lane wb-lane-open">
        <strong>{title}</strong>
        {button}
      </div>
    );
  const servers = hosts.reduce((sum, host) => sum + host.servers, 0);
  return (
    <div className={`wb-lane wb-lane-group${litClass(data.lit)}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="wb-lane-host">
        <div className="wb-card-line">
          <strong>{title}</strong>
        </div>
        <SwitchLine host={first} />
        <div className="wb-card-line wb-quiet">
          {t('wires.picture.servers', { count: servers })}
          <span className="wb-grow" />
          {button}
        </div>
        {marksOf(first).map((mark) => (
          <MarkLine key={mark} mark={mark} text={names.join(', ')} />
        ))}
      </div>
      <UplinkRows
        uplinks={first.uplinks}
        lit={null}
        port={(uplink) => <PortsOf hosts={hosts} name={uplink.name} />}
      />
    </div>
  );
});

function PortsOf({ hosts, name }: { hosts: readonly PictureHost[]; name: string }): ReactNode {
  const { t } = useTranslation();
  const neighbours = hosts.flatMap(
    ({ uplinks }) => uplinks.find((uplink) => uplink.name === name)?.neighbour ?? [],
  );
  if (neighbours.length === 0) return <span className="wb-quiet">{t('wires.picture.noNeighbour')}</span>;
  const switches = Map.groupBy(neighbours, (neighbour) => neighbour.switch);
  const [only] = switches.keys();
  const ports = t('wires.picture.ports', { count: neighbours.length });
  return (
    <span
      title={[...switches]
        .map(([of, those]) => `${of}: ${those.map(({ port }) => port).join(', ')}`)
        .join('\n')}
    >
      {switches.size === 1
        ? t('wires.picture.portsOn', { ports, switch: shortName(only ?? '') })
        : t('wires.picture.onSwitches', { ports, count: switches.size })}
    </span>
  );
}
