import { type ButtonProps, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';

/** A button that opens a form, which is empty again the next time. */
export function FormDialog(props: {
  label: string;
  title: string;
  why?: string | null;
  button?: ButtonProps;
  children: (close: () => void) => ReactNode;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <ReasonedButton {...props.button} why={props.why ?? null} onClick={() => setOpen(true)}>
        {props.label}
      </ReasonedButton>
      <Modal open={open} title={props.title} width={640} destroyOnHidden footer={null} onCancel={close}>
        <div className="wb-net-form">{props.children(close)}</div>
      </Modal>
    </>
  );
}
