import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Modal, Spin } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from './act.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { ReasonedButton } from './reasoned-button.tsx';

const PAUSE_MS = 350;

/**
 * A dialog with fields that shows, whenever the typing pauses, what would come of them, and does exactly that when asked. A refusal stands where
 * the preview would.
 */
export function PreviewedForm<Input, Preview, Result>(props: {
  title: string;
  fields: ReactNode;
  /** What is entered, as it is sent; null while something is missing. */
  input: Input | null;
  /** What is missing, where something is. */
  incomplete: string;
  preview: (input: Input, signal: AbortSignal) => Promise<Preview>;
  describe: (preview: Preview) => ReactNode;
  act: (input: Input) => Promise<Result>;
  confirm: (preview: Preview | undefined) => string;
  /** Why this very preview can't be carried out; null where it can. */
  hindrance?: (preview: Preview) => string | null;
  done?: (result: Result) => string | null;
  afterwards?: (result: Result) => void;
  danger?: boolean;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { input, onClose } = props;
  const entered = input === null ? null : JSON.stringify(input);
  const settled = useSettled(entered);
  const preview = useQuery({
    queryKey: ['preview', props.title, settled],
    enabled: settled !== null && input !== null && settled === entered,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      if (input === null) throw new Error('there is nothing to look ahead at');
      return props.preview(input, signal);
    },
  });
  const act = useAct<Input, Result>(props.act, {
    done: (result) => {
      onClose();
      props.afterwards?.(result);
      return props.done?.(result) ?? null;
    },
  });
  const current = input !== null && settled === entered && preview.isSuccess && !preview.isPlaceholderData;
  const shown = input === null ? undefined : preview.data;
  const why =
    input === null
      ? props.incomplete
      : current
        ? (props.hindrance?.(preview.data) ?? null)
        : t('common.noPreviewYet');
  return (
    <Modal
      open
      title={props.title}
      width={680}
      onCancel={onClose}
      footer={[
        <Button key="no" onClick={onClose}>
          {t('common.cancel')}
        </Button>,
        <ReasonedButton
          key="yes"
          type="primary"
          danger={props.danger === true}
          loading={act.isPending}
          why={why}
          onClick={() => {
            if (input !== null) act.mutate(input);
          }}
        >
          {props.confirm(current ? preview.data : undefined)}
        </ReasonedButton>,
      ]}
    >
      <div className="wb-stack">
        {props.fields}
        <div
          className="wb-stack"
          aria-live="polite"
          aria-busy={input !== null && !current && !preview.isError}
        >
          {input === null && <p className="wb-quiet">{props.incomplete}</p>}
          {input !== null && preview.isPending && <Spin aria-label={t('common.loading')} />}
          {input !== null && preview.isError && <ProblemNotice error={preview.error} />}
          {shown !== undefined && !preview.isError && props.describe(shown)}
        </div>
        {act.isError && <ProblemNotice error={act.error} />}
      </div>
    </Modal>
  );
}

/** A value once it has stopped changing for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
