import { Button, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { useAct } from '../../ui/act.ts';
import { useNeeds } from '../../ui/needs.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { failedParts, isCancellable, isUnderWay, type Operation, titleOf } from './operation-words.ts';

const consequences = {
  create_server: 'create',
  create_servers: 'createMany',
  delete_server: 'delete',
  attach_nic: 'change',
  detach_nic: 'change',
  change_nic: 'change',
} as const;

/** Stops an operation that runs, or takes back what a failed one left; the dialog says which of the two, and what goes with it. */
export function OperationCancel(props: { operation: Operation }): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  const [open, setOpen] = useState(false);
  const { operation } = props;
  const { id, kind, left } = operation;
  const cancel = useAct(() => ask(api.POST('/api/v1/operations/{id}/cancel', { params: { path: { id } } })), {
    done: () => {
      setOpen(false);
      return t('operations.cancelling');
    },
  });
  if (!isCancellable(operation) && !open) return null;
  const runs = isUnderWay(operation);
  const label = t(runs ? 'operations.cancel' : 'operations.takeBack');
  const close = (): void => {
    cancel.reset();
    setOpen(false);
  };
  return (
    <>
      <ReasonedButton danger why={notMine} onClick={() => setOpen(true)}>
        {label}
      </ReasonedButton>
      <Modal
        open={open}
        title={t(runs ? 'operations.cancelTitle' : 'operations.takeBackTitle', {
          what: titleOf(operation, t),
        })}
        destroyOnHidden
        onCancel={close}
        footer={[
          <Button key="no" onClick={close}>
            {t('operations.keepIt')}
          </Button>,
          <Button key="yes" type="primary" danger loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {label}
          </Button>,
        ]}
      >
        {runs ? (
          <p>{t(`operations.cancelDoes.${consequences[kind]}`)}</p>
        ) : (
          <div className="wb-stack">
            <p>{t('operations.takeBackDoes')}</p>
            <ul>
              {left.map(({ code, text }) => (
                <li key={`${code} ${text}`}>{text}</li>
              ))}
              {failedParts(operation).map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          </div>
        )}
        {cancel.isError && <ProblemNotice error={cancel.error} />}
      </Modal>
    </>
  );
}
