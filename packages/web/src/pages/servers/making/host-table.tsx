import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { RefLink } from '../../../ui/ref-link.tsx';
import { StateTag } from '../../../ui/state-tag.tsx';

type Verdict = Schemas['ServerPlan']['hosts'][number];
/** So many hosts are looked over at once; of more, those that don't fit are folded away first. */
const ALL_SHOWN = 24;

/** Every host, the chosen first, then the others that could take it, then those that can't, with why. */
export function HostTable(props: { hosts: readonly Verdict[] }): ReactNode {
  const { t } = useTranslation();
  const { hosts } = props;
  const [unfitShown, setUnfitShown] = useState(hosts.length <= ALL_SHOWN);
  const fit = hosts.filter(({ fits }) => fits).toSorted(better);
  const unfit = hosts.filter(({ fits }) => !fits);
  const folds = unfit.length > 0 && hosts.length > ALL_SHOWN;
  return (
    <div className="wb-stack">
      <p className="wb-quiet">{t('newServer.hostsFit', { fit: fit.length, count: hosts.length })}</p>
      <div className="wb-make-hosts" role="group" aria-label={t('newServer.hosts')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('newServer.hostColumn')}</th>
              <th scope="col">{t('newServer.verdict')}</th>
              <th scope="col" className="wb-end">
                {t('newServer.freeMemory')}
              </th>
              <th scope="col" className="wb-end">
                {t('newServer.freeCpu')}
              </th>
              <th scope="col">{t('newServer.datastoreColumn')}</th>
              <th scope="col">{t('newServer.wires')}</th>
            </tr>
          </thead>
          <tbody>
            {[...fit, ...(unfitShown ? unfit : [])].map((verdict) => (
              <HostRow key={verdict.host.id ?? verdict.host.name} verdict={verdict} />
            ))}
          </tbody>
        </table>
      </div>
      {folds && (
        <button type="button" className="wb-linkish" onClick={() => setUnfitShown(!unfitShown)}>
          {unfitShown ? t('newServer.hideUnfit') : t('newServer.showUnfit', { count: unfit.length })}
        </button>
      )}
    </div>
  );
}

function better(one: Verdict, other: Verdict): number {
  return other.servers - one.servers || (other.score ?? 0) - (one.score ?? 0);
}

function HostRow(props: { verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const { host, cluster, fits, reasons, wires, datastore, freeMemoryMib, freeCpuMhz, servers } =
    props.verdict;
  const tag =
    servers > 1
      ? t('newServer.chosenMany', { count: servers })
      : t(servers === 1 ? 'newServer.chosen' : fits ? 'newServer.fits' : 'newServer.fitsNot');
  return (
    <tr className={servers > 0 ? 'wb-make-chosen' : undefined}>
      <td>
        {host.id === null ? host.name : <RefLink to="host" of={{ id: host.id, name: host.name }} />}
        {cluster !== null && <div className="wb-make-hint">{cluster}</div>}
      </td>
      <td>
        <StateTag tone={servers > 0 ? 'good' : fits ? 'info' : 'warning'}>{tag}</StateTag>
        {reasons.map(({ code, text }) => (
          <div key={`${code} ${text}`}>{text}</div>
        ))}
      </td>
      <td className="wb-end wb-nowrap">
        {freeMemoryMib !== null && t('newServer.gib', { size: (freeMemoryMib / 1024).toFixed(1) })}
      </td>
      <td className="wb-end wb-nowrap">
        {freeCpuMhz !== null && t('newServer.ghz', { speed: (freeCpuMhz / 1000).toFixed(1) })}
      </td>
      <td>{datastore}</td>
      <td>
        {[...new Map(wires.flatMap((wire) => (wire === null ? [] : [[wire.id, wire]]))).values()].map(
          (wire) => (
            <div key={wire.id}>
              <RefLink to="wire" of={wire} />
            </div>
          ),
        )}
      </td>
    </tr>
  );
}
