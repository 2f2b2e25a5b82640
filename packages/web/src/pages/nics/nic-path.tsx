import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { PowerTag } from '../../ui/object-states.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import './nics.css';

/** The way of a NIC's frames: from its address by wire, switch and host to the physical switch port. */
export function NicPath(props: { path: Schemas['NicWhy'] }): ReactNode {
  const { t } = useTranslation();
  const { nic, host, powerState, wire, port, neighbours } = props.path;
  return (
    <ol className="wb-path">
      <Hop title={t('states.kind.nic')}>
        <RefLink to="nic" of={{ id: nic.id, name: nic.label }} />
        {nic.mac !== null && <Copyable text={nic.mac} />}
        <span>
          {nic.records.map(({ ip }, at) => (
            <span key={ip}>
              {at > 0 && ', '}
              <AddressLink ip={ip} />
            </span>
          ))}
        </span>
      </Hop>
      <Hop title={t('states.kind.server')}>
        <RefLink to="server" of={nic.server} />
        <PowerTag state={powerState} />
      </Hop>
      <Hop title={t('states.kind.wire')}>
        {wire === null ? (
          <span className="wb-quiet">{t('nics.onNoWire')}</span>
        ) : (
          <>
            <RefLink to="wire" of={wire} />
            <span>{wire.vlan}</span>
          </>
        )}
      </Hop>
      {wire !== null && wire.virtualSwitch !== null && (
        <Hop title={t('nics.virtualSwitch')}>
          <span>{wire.virtualSwitch.name}</span>
          {port !== null && <span className="wb-quiet">{`${t('nics.port')} ${port}`}</span>}
        </Hop>
      )}
      {host !== null && (
        <Hop title={t('states.kind.host')}>
          <RefLink to="host" of={host} />
        </Hop>
      )}
      {neighbours.length > 0 && (
        // The uplinks stand side by side: a frame takes one of them.
        <Hop
          title={t('nics.uplinks', {
            devices: neighbours.map(({ device }) => device).join(t('nics.or')),
          })}
        >
          {neighbours.map(({ device, neighbour }) => (
            <span key={device}>
              {neighbours.length > 1 && <span className="wb-quiet">{device}</span>} {neighbour}
            </span>
          ))}
        </Hop>
      )}
    </ol>
  );
}

function Hop(props: { title: string; children: ReactNode }): ReactNode {
  return (
    <li className="wb-hop">
      <div className="wb-hop-box">
        <span className="wb-hop-title">{props.title}</span>
        {props.children}
      </div>
    </li>
  );
}
