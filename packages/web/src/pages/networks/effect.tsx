import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Notice } from '../../ui/notice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';

type Effect = Pick<Schemas['NetworkEffect'], 'settles' | 'ends' | 'conflicts' | 'nics'>;
/** How many NICs a preview names; the rest are counted. */
const SHOWN = 50;

/** What a change of a network settles and breaks. */
export function EffectText(props: { effect: Effect; space?: string }): ReactNode {
  const { t } = useTranslation();
  const { effect } = props;
  const { settles, ends, conflicts } = effect;
  const shown = effect.nics.slice(0, SHOWN);
  const left = settles + ends - shown.length;
  return (
    <div className="wb-stack">
      {settles === 0 && ends === 0 && conflicts === 0 ? (
        <Notice kind="info" title={t('networks.effect.nothing')} />
      ) : (
        <ul className="wb-effect">
          <li>
            <StateTag tone={settles > 0 ? 'good' : 'quiet'}>
              {t('networks.effect.settles', { count: settles })}
            </StateTag>
          </li>
          <li>
            <StateTag tone={ends > 0 ? 'bad' : 'quiet'}>
              {t('networks.effect.ends', { count: ends })}
            </StateTag>
          </li>
          <li>
            <StateTag tone={conflicts > 0 ? 'warning' : 'quiet'}>
              {t('networks.effect.conflicts', { count: conflicts })}
            </StateTag>
          </li>
        </ul>
      )}
      {shown.length > 0 && (
        <div className="wb-effect-nics" role="region" aria-label={t('networks.effect.nics')} tabIndex={0}>
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col">{t('networks.effect.server')}</th>
                <th scope="col">{t('networks.mac')}</th>
                <th scope="col">{t('networks.address')}</th>
                <th scope="col">{t('networks.effect.change')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((nic) => (
                <tr key={`${nic.mac} ${nic.ip} ${nic.change}`}>
                  <td>
                    <RefLink to="server" of={nic.server} />
                  </td>
                  <td className="wb-code">{nic.mac}</td>
                  <td>
                    <AddressLink ip={nic.ip} space={props.space} />
                  </td>
                  <td>
                    <StateTag tone={nic.change === 'settled' ? 'good' : 'bad'}>
                      {t(`networks.effect.${nic.change}`)}
                    </StateTag>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {left > 0 && shown.length > 0 && <p>{t('networks.effect.more', { count: left })}</p>}
    </div>
  );
}

/** What splitting, merging or moving makes of the networks, and of all that hangs on them. */
export function ChangeEffectText(props: { effect: Schemas['NetworkChangeEffect'] }): ReactNode {
  const { t } = useTranslation();
  const { effect } = props;
  const rangeOf = ({ start, end }: { start: string; end: string }): string =>
    start === end ? start : `${start} – ${end}`;
  return (
    <div className="wb-stack">
      {effect.nicsMoved !== null && <Notice kind="info" title={effect.nicsMoved.text} />}
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <caption className="wb-caption">{t('networks.effect.afterwards')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('networks.name')}</th>
              <th scope="col">{t('networks.range')}</th>
              <th scope="col">{t('networks.gateway')}</th>
              <th scope="col">{t('networks.wire')}</th>
            </tr>
          </thead>
          <tbody>
            {effect.networks.map((network) => (
              <tr key={network.id}>
                <td>{network.name}</td>
                <td className="wb-code">
                  {rangeOf(network)} (/{network.prefixLength})
                </td>
                <td className="wb-code">{network.gateway ?? t('common.none')}</td>
                <td>{network.wire.name}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="wb-bullets">
        {effect.gone.map((one) => (
          <li key={one.id}>{t('networks.effect.gone', { name: one.name })}</li>
        ))}
        {effect.claims > 0 && <li>{t('networks.effect.claims', { count: effect.claims })}</li>}
        {effect.keys.length > 0 && (
          <li>{t('networks.effect.keys', { count: effect.keys.length, keys: effect.keys.join(', ') })}</li>
        )}
        {effect.reservations > 0 && (
          <li>{t('networks.effect.reservations', { count: effect.reservations })}</li>
        )}
        {effect.cutReservations.map((one) => (
          <li key={one.start}>{t('networks.effect.cut', { range: rangeOf(one) })}</li>
        ))}
        {effect.notKept.map(({ network, field, value }) => (
          <li key={`${network.id} ${field}`}>
            {t('networks.effect.notKept', {
              name: network.name,
              field: t(`networks.field.${field}`),
              value,
            })}
          </li>
        ))}
        {effect.keptWires.map(({ network, wire, nics }) => (
          <li key={`${network.id} ${wire.id}`}>
            {t('networks.effect.keptWire', { wire: wire.name, name: network.name, count: nics })}
          </li>
        ))}
      </ul>
      <EffectText effect={effect} />
    </div>
  );
}
