import type { ButtonProps } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas, tell } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { useCount } from '../../ui/quantities.ts';

/** Takes a reservation away; the dialog says which addresses are free to be given then. */
export function ReservationRemove(props: {
  reservation: Schemas['Reservation'];
  button?: ButtonProps;
}): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const notMine = useNeeds('operator');
  const { reservation } = props;
  const { start, end } = reservation;
  const range = start === end ? start : `${start} – ${end}`;
  return (
    <PreviewedAction
      label={t('reservations.remove')}
      title={t('reservations.removeTitle', { range })}
      confirm={t('reservations.remove')}
      why={notMine}
      danger
      preview={() => Promise.resolve(reservation)}
      describe={({ network, note, kind, count: addresses }) => (
        <div className="wb-stack">
          <p>{t('reservations.removeAbout', { addresses: count(addresses), name: network.name })}</p>
          <p>
            {t(`states.reservationKind.${kind}`)} {note}
          </p>
        </div>
      )}
      act={() => tell(api.DELETE('/api/v1/reservations/{id}', { params: { path: { id: reservation.id } } }))}
      done={() => t('reservations.removed', { range })}
      {...(props.button !== undefined && { button: props.button })}
    />
  );
}
