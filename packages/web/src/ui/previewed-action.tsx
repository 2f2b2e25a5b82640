import { useQuery } from '@tanstack/react-query';
import { Button, type ButtonProps, Modal, Spin } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from './act.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { ReasonedButton } from './reasoned-button.tsx';

/**
 * A button that says what it will do before it does it: a dialog shows the dry run, then the same request is sent for good. A refusal is shown in the
 * dialog, with what to do.
 */
export function PreviewedAction<Preview, Result>(props: {
  label: ReactNode;
  title: string;
  /** What the button that does it says; without it the title. */
  confirm?: string;
  preview: (signal: AbortSignal) => Promise<Preview>;
  describe: (preview: Preview) => ReactNode;
  act: () => Promise<Result>;
  /** What is said afterwards. */
  done?: (result: Result) => string;
  afterwards?: (result: Result) => void;
  danger?: boolean;
  /** Why it can't be done now; null where it can. */
  why?: string | null;
  /** Why this very preview can't be carried out; null where it can. */
  hindrance?: (preview: Preview) => string | null;
  button?: ButtonProps;
}): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const preview = useQuery({
    queryKey: ['preview', useId(), props.title, open],
    enabled: open,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    // What is shown and what is then sent come from the same drawing: what lies behind the dialog may be read anew while one reads in it.
    queryFn: async ({ signal }) => {
      const { act } = props;
      return { shown: await props.preview(signal), act };
    },
  });
  const act = useAct<() => Promise<Result>, Result>((previewed) => previewed(), {
    done: (result) => {
      setOpen(false);
      props.afterwards?.(result);
      return props.done?.(result) ?? null;
    },
  });
  const hindrance = preview.data === undefined ? null : (props.hindrance?.(preview.data.shown) ?? null);
  return (
    <>
      <ReasonedButton {...props.button} why={props.why ?? null} onClick={() => setOpen(true)}>
        {props.label}
      </ReasonedButton>
      <Modal
        open={open}
        title={props.title}
        width={640}
        destroyOnHidden
        onCancel={() => {
          act.reset();
          setOpen(false);
        }}
        footer={[
          <Button
            key="no"
            onClick={() => {
              act.reset();
              setOpen(false);
            }}
          >
            {t('common.cancel')}
          </Button>,
          <ReasonedButton
            key="yes"
            type="primary"
            danger={props.danger === true}
            loading={act.isPending}
            why={preview.isSuccess ? hindrance : t('common.noPreviewYet')}
            onClick={() => {
              if (preview.data !== undefined) act.mutate(preview.data.act);
            }}
          >
            {props.confirm ?? props.title}
          </ReasonedButton>,
        ]}
      >
        {preview.isPending && <Spin aria-label={t('common.loading')} />}
        {preview.isError && <ProblemNotice error={preview.error} retry={() => void preview.refetch()} />}
        {preview.isSuccess && props.describe(preview.data.shown)}
        {act.isError && <ProblemNotice error={act.error} />}
      </Modal>
    </>
  );
}
