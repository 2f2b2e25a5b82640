import { Checkbox, Input } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectSelect } from '../../ui/object-select.tsx';

/** Where a NIC is to be plugged in and what it is to get, as far as it is entered. */
export interface NicWish {
  readonly network: string | undefined;
  readonly wire: string | undefined;
  readonly ip: string;
  readonly restart: boolean;
}

export const noWish: NicWish = { network: undefined, wire: undefined, ip: '', restart: false };

export function wishBody({ network, wire, ip, restart }: NicWish) {
  return {
    ...(network !== undefined && { network }),
    ...(wire !== undefined && { wire }),
    ...(ip.trim() !== '' && { ip: ip.trim() }),
    ...(restart && { restart }),
  };
}

export function NicWishFields(props: { wish: NicWish; onChange: (wish: NicWish) => void }): ReactNode {
  const { t } = useTranslation();
  const { wish, onChange } = props;
  const id = useId();
  return (
    <div className="wb-stack">
      <div className="wb-fields">
        <div className="wb-field">
          <span>{t('servers.changes.network')}</span>
          <ObjectSelect
            kind="networks"
            label={t('servers.changes.network')}
            value={wish.network}
            onChange={(chosen) => onChange({ ...wish, network: chosen?.id })}
          />
        </div>
        <div className="wb-field">
          <span>{t('servers.changes.wire')}</span>
          <ObjectSelect
            kind="wires"
            label={t('servers.changes.wire')}
            value={wish.wire}
            onChange={(chosen) => onChange({ ...wish, wire: chosen?.id })}
          />
          <span className="wb-field-hint">{t('servers.changes.wireHint')}</span>
        </div>
        <div className="wb-field">
          <label htmlFor={id}>{t('servers.changes.wantedIp')}</label>
          <Input
            id={id}
            value={wish.ip}
            placeholder={t('servers.changes.wantedIpHint')}
            onChange={(event) => onChange({ ...wish, ip: event.target.value })}
          />
        </div>
      </div>
      <Checkbox
        checked={wish.restart}
        onChange={(event) => onChange({ ...wish, restart: event.target.checked })}
      >
        {t('servers.changes.restart')}
      </Checkbox>
    </div>
  );
}
