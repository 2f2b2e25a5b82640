import type { ButtonProps } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { MendingSummary } from './mending-summary.tsx';

/** Does for many NICs what needs no decision of a person; shows first what that is, and what is left to a person and why. */
export function MendButton(props: {
  label: string;
  which: Schemas['MendNicsInput'];
  button?: ButtonProps;
  afterwards?: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { which, afterwards } = props;
  const mend = (dryRun: boolean, signal?: AbortSignal): Promise<Schemas['Mending']> =>
    ask(
      api.POST('/api/v1/nics/mend', {
        params: { query: { dryRun: dryRun ? 'true' : 'false' } },
        body: which,
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <PreviewedAction
      label={props.label}
      title={props.label}
      confirm={t('unresolved.mendTitle')}
      why={notAllowed}
      preview={(signal) => mend(true, signal)}
      describe={(mending) => <MendingSummary mending={mending} />}
      hindrance={(mending) =>
        mending.wires.length + mending.ranges.length + mending.changes.length === 0
          ? t('unresolved.mendNothing')
          : null
      }
      act={() => mend(false)}
      done={(mending) => t('unresolved.mendDone', { count: mending.settled })}
      {...(props.button !== undefined && { button: props.button })}
      {...(afterwards !== undefined && { afterwards })}
    />
  );
}
