import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { StateTag } from '../../../ui/state-tag.tsx';
import { linkText, linkTone, roleText, speedText } from './picture-words.ts';
import { type PictureUplink, portText } from './server-path.ts';
import { SPARE_HEIGHT, splitUplinks, UPLINK_HEIGHT } from './place-lanes.ts';

/** The uplinks of one lane, each with its physical NIC and, at the right, what that is plugged into. */
export function UplinkRows(props: {
  uplinks: readonly PictureUplink[];
  /** Which of them the chosen server's traffic can leave by; null while none is chosen. */
  lit: ReadonlySet<string> | false | null;
  port: (uplink: PictureUplink) => ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  if (props.uplinks.length === 0)
    return <p className="wb-uplinks wb-quiet">{t('wires.picture.noUplinks')}</p>;
  const { rows, spare } = splitUplinks(props.uplinks);
  return (
    <ul className="wb-uplinks">
      {rows.map((uplink) => {
        const on = props.lit !== null && props.lit !== false && props.lit.has(uplink.name);
        const role = uplink.role ?? 'unknown';
        const down = uplink.up === false && uplink.role !== 'unused';
        return (
          <li
            key={uplink.name}
            style={{ height: UPLINK_HEIGHT }}
            className={`wb-uplink wb-role-${role}${down ? ' wb-uplink-down' : ''}${on ? ' wb-lit' : ''}`}
          >
            <span className="wb-link-line" aria-hidden="true" />
            <span className="wb-uplink-nic" title={uplink.mac ?? undefined}>
              <strong>{uplink.device ?? uplink.name}</strong>
              {uplink.device !== null && uplink.device !== uplink.name && (
                <span className="wb-quiet wb-uplink-name" title={uplink.name}>
                  {uplink.name}
                </span>
              )}
              <span className="wb-quiet wb-nowrap">{roleText(uplink.role, t)}</span>
              <span className="wb-grow" />
              <StateTag tone={linkTone(uplink)}>
                {uplink.up === true && uplink.speedMbps !== null
                  ? speedText(uplink.speedMbps, t)
                  : linkText(uplink, t)}
              </StateTag>
            </span>
            <span className="wb-link-line" aria-hidden="true" />
            <span className="wb-uplink-port">{props.port(uplink)}</span>
          </li>
        );
      })}
      {spare.length > 0 && (
        <li
          style={{ height: SPARE_HEIGHT }}
          className="wb-uplinks-spare wb-quiet"
          title={spare.map((uplink) => spareText(uplink, t)).join('\n')}
        >
          <span className="wb-ellipsis">
            {t('wires.picture.spare', {
              uplinks: spare.map(({ device, name }) => device ?? name).join(', '),
            })}
          </span>
        </li>
      )}
    </ul>
  );
}

function spareText(uplink: PictureUplink, t: TFunction): string {
  return [uplink.name, uplink.device, linkText(uplink, t), uplink.neighbour && portText(uplink.neighbour)]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}
