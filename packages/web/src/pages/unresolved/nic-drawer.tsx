import { useQuery } from '@tanstack/react-query';
import { Drawer, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { NicFix } from './nic-fix.tsx';

/** One NIC without a record: every reason with all that can be done about it, and the form that says its address. */
export function NicDrawer(props: { id: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { id, onClose } = props;
  const nic = useQuery({
    queryKey: ['nics', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/nics/{id}', { params: { path: { id } }, signal })),
  });
  const { data } = nic;
  return (
    <Drawer
      open
      size={560}
      onClose={onClose}
      title={
        data === undefined
          ? t('common.loading')
          : t('unresolved.detailsOf', {
              what: t('unresolved.details'),
              nic: data.mac ?? data.label,
              server: data.server.name,
            })
      }
    >
      {nic.isPending && <Spin aria-label={t('common.loading')} />}
      {nic.isError && <ProblemNotice error={nic.error} retry={() => void nic.refetch()} />}
      {data !== undefined && <Content nic={data} onClose={onClose} />}
    </Drawer>
  );
}

function Content(props: { nic: Schemas['Nic']; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { nic } = props;
  return (
    <div className="wb-stack">
      <dl className="wb-facts">
        <dt>{t('unresolved.server')}</dt>
        <dd>
          <RefLink to="server" of={nic.server} />
        </dd>
        <dt>{t('unresolved.nic')}</dt>
        <dd>
          <RefLink to="nic" of={{ id: nic.id, name: nic.label }} /> <span className="wb-code">{nic.mac}</span>
        </dd>
        <dt>{t('unresolved.wire')}</dt>
        <dd>{nic.wire === null ? t('common.none') : <RefLink to="wire" of={nic.wire} />}</dd>
        <dt>{t('unresolved.reported')}</dt>
        <dd>
          {nic.observed.length === 0
            ? t('common.none')
            : nic.observed.map(({ ip, prefixLength }) => (
                <div key={ip}>
                  <AddressLink ip={ip} />
                  <span className="wb-quiet wb-code">{prefixLength === null ? '' : `/${prefixLength}`}</span>
                </div>
              ))}
        </dd>
      </dl>
      {nic.reasons.map((reason) => (
        <section
          key={`${reason.code} ${reason.ip ?? ''}`}
          className="wb-notice wb-notice-warning"
          aria-label={reason.text}
        >
          <strong>{reason.text}</strong>
          <p className="wb-remedy">{reason.remedy}</p>
          <div className="wb-mend-all">
            {reason.actions.map((action) => (
              <ActionButton key={action.label} action={action} />
            ))}
          </div>
        </section>
      ))}
      <NicFix nic={nic} onFixed={props.onClose} />
    </div>
  );
}
