import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import './nics.css';

type Reason = Schemas['Reason'];

/** Why a NIC, or one of its addresses, has no record: in words, with what is in the way, and the buttons that mend it. */
export function ReasonList(props: {
  reasons: readonly Reason[];
  /** Buttons of the page's own, for what only a form can do. */
  more?: (reason: Reason) => ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="wb-reasons">
      {props.reasons.map((reason) => {
        const { code, ip, text, remedy, network, wire, server, actions } = reason;
        return (
          <li key={`${code} ${ip ?? ''}`} className="wb-reason">
            <div className="wb-line">
              <StateTag tone={code === 'template' || code === 'powered_off' ? 'quiet' : 'warning'}>
                {t(`states.reason.${code}`)}
              </StateTag>
              {ip !== null && <AddressLink ip={ip} />}
              {network !== null && <RefLink to="network" of={network} />}
              {wire !== null && <RefLink to="wire" of={wire} />}
              {server !== null && <RefLink to="server" of={server} />}
            </div>
            <p>{text}</p>
            <p className="wb-quiet wb-remedy">{remedy}</p>
            <div className="wb-line">
              {actions.map((action) => (
                <ActionButton key={action.label} action={action} button={{ size: 'small' }} />
              ))}
              {props.more?.(reason)}
            </div>
            {actions.length > 0 && (
              <details className="wb-quiet">
                <summary>{t('nics.copyCommand')}</summary>
                <ul className="wb-commands">
                  {actions.map(({ label, command }) => (
                    <li key={label}>
                      {label}
                      <br />
                      <Copyable text={command} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}
