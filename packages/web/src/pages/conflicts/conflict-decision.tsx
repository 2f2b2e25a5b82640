import { Button, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useAct } from '../../ui/act.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { type Resolution, sideName } from './conflict-words.tsx';

type Conflict = Schemas['Conflict'];
const resolutions = ['keep', 'give', 'share'] as const;

/** The three decisions there are, each with what it does; done after it was said once more. */
export function ConflictDecision(props: { conflict: Conflict }): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { conflict } = props;
  const [asked, setAsked] = useState<Resolution | null>(null);
  const names = {
    ip: conflict.ip,
    holder: sideName(conflict.holders[0]),
    claimant: sideName(conflict.claimants[0]),
  };
  const act = useAct(
    (resolution: Resolution) =>
      ask(
        api.POST('/api/v1/conflicts/{id}/resolve', {
          params: { path: { id: conflict.id } },
          body: { resolution },
        }),
      ),
    {
      done: (_, resolution) => {
        setAsked(null);
        return t('conflicts.done', { what: t(`conflicts.choices.${resolution}`, names) });
      },
    },
  );
  const whyNot = (resolution: Resolution): string | null => {
    if (notAllowed !== null) return notAllowed;
    if (conflict.resolution === resolution) return t('conflicts.now');
    if (resolution === 'share' && conflict.holders.some(({ nic }) => nic === null))
      return t('conflicts.shareNeedsNic');
    if (resolution === 'give' && conflict.network === null) return t('conflicts.giveNeedsNetwork');
    return null;
  };
  const close = (): void => {
    act.reset();
    setAsked(null);
  };
  return (
    <Section title={t('conflicts.decision')}>
      <ul className="wb-decisions">
        {resolutions.map((resolution) => (
          <li key={resolution}>
            <ReasonedButton
              why={whyNot(resolution)}
              title={t(`conflicts.choices.${resolution}`, names)}
              onClick={() => setAsked(resolution)}
            >
              {t(`conflicts.choices.${resolution}`, names)}
            </ReasonedButton>
            <p>
              {conflict.proposal === resolution && (
                <>
                  <StateTag tone="info">{t('conflicts.proposed')}</StateTag>{' '}
                </>
              )}
              {conflict.resolution === resolution && (
                <>
                  <StateTag tone="good">{t('conflicts.now')}</StateTag>{' '}
                </>
              )}
              {t(`conflicts.consequence.${resolution}`)}
            </p>
          </li>
        ))}
      </ul>
      {conflict.resolution !== null && <p className="wb-quiet">{t('conflicts.canChange')}</p>}
      <Modal
        open={asked !== null}
        title={asked === null ? '' : t(`conflicts.choices.${asked}`, names)}
        destroyOnHidden
        onCancel={close}
        footer={[
          <Button key="no" onClick={close}>
            {t('common.cancel')}
          </Button>,
          <Button
            key="yes"
            type="primary"
            className="wb-decision-confirm"
            loading={act.isPending}
            onClick={() => {
              if (asked !== null) act.mutate(asked);
            }}
          >
            {asked === null ? '' : t(`conflicts.choices.${asked}`, names)}
          </Button>,
        ]}
      >
        <div className="wb-stack">
          {asked !== null && <p>{t(`conflicts.consequence.${asked}`)}</p>}
          {act.isError && <ProblemNotice error={act.error} />}
        </div>
      </Modal>
    </Section>
  );
}
