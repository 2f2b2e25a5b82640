import { useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { reaches, useSession } from '../../session.ts';
import { useFilters } from '../../ui/filters.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { AddressStep } from './address-step.tsx';
import { CertificateStep } from './certificate-step.tsx';
import { CredentialsStep } from './credentials-step.tsx';
import { ImportStep } from './import-step.tsx';
import { PreviewStep } from './preview-step.tsx';
import { ResultStep } from './result-step.tsx';
import { SettleStep } from './settle-step.tsx';
import type { Draft } from './draft.ts';
import './start.css';

const steps = ['address', 'certificate', 'credentials', 'preview', 'import', 'networks', 'result'] as const;
type Step = (typeof steps)[number];

/**
 * From nothing to a settled estate, in one flow. Until the account exists, what is typed stands only here; from then on the address says which account it
 * is, and the flow survives a reload.
 */
export function StartPage(): ReactNode {
  const { t } = useTranslation();
  const [{ account, step: asked }] = useFilters();
  const session = useSession();
  const [draft, setDraft] = useState<Draft>({ url: '', trust: null, username: '', password: '' });
  const [drafting, setDrafting] = useState<Step>('address');
  const [preview, setPreview] = useState<Schemas['AccountPreview'] | null>(null);
  const go = useNavigate();
  const known = useQuery({
    queryKey: ['account', account],
    enabled: account !== undefined,
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/cloud-accounts/{id}', { params: { path: { id: account ?? '' } }, signal })),
  });
  const later: Step = asked === 'result' ? 'result' : asked === 'networks' ? 'networks' : 'import';
  const step: Step = account === undefined ? drafting : later;
  const toStep = (wanted: Step): void => {
    void go(linkTo('start', undefined, { account, step: wanted }));
  };
  const may = reaches(session.data, 'administrator');

  return (
    <Page title={t('start.title')} aside={<span>{t('start.aside')}</span>}>
      <div className={step === 'networks' ? 'wb-start wb-start-wide' : 'wb-start'}>
        <ol className="wb-start-steps" aria-label={t('start.steps')}>
          {steps.map((name, index) => (
            <li
              key={name}
              className={steps.indexOf(step) > index ? 'wb-start-done' : ''}
              {...(name === step && { 'aria-current': 'step' as const })}
            >
              <span className="wb-start-number" aria-hidden="true">
                {steps.indexOf(step) > index ? '✓' : index + 1}
              </span>
              {t(`start.step.${name}`)}
            </li>
          ))}
        </ol>
        <div className="wb-start-body">
          {!may && account === undefined && (
            <Notice kind="warning" title={t('start.administratorOnly')}>
              <p>{t('start.administratorOnlyRemedy')}</p>
            </Notice>
          )}
          {step === 'address' && (
            <AddressStep
              draft={draft}
              enabled={may}
              onFilled={(filled) => {
                setDraft(filled);
                setDrafting('certificate');
              }}
            />
          )}
          {step === 'certificate' && (
            <CertificateStep
              url={draft.url}
              onBack={() => setDrafting('address')}
              onTrusted={(trust) => {
                setDraft({ ...draft, trust });
                setDrafting('credentials');
              }}
            />
          )}
          {step === 'credentials' && (
            <CredentialsStep
              draft={draft}
              onBack={() => setDrafting('certificate')}
              onChange={setDraft}
              onSeen={(seen) => {
                setPreview(seen);
                setDrafting('preview');
              }}
            />
          )}
          {step === 'preview' && preview !== null && (
            <PreviewStep
              draft={draft}
              preview={preview}
              onBack={() => setDrafting('credentials')}
              onAdded={(added) => {
                // The password is the controller's from here on.
                setDraft({ url: '', trust: null, username: '', password: '' });
                void go(linkTo('start', undefined, { account: added.id }));
              }}
            />
          )}
          {known.isError && <ProblemNotice error={known.error} retry={() => void known.refetch()} />}
          {known.data !== undefined && step === 'import' && (
            <ImportStep account={known.data} onDone={() => toStep('networks')} />
          )}
          {known.data !== undefined && step === 'networks' && (
            <SettleStep onBack={() => toStep('import')} onDone={() => toStep('result')} />
          )}
          {known.data !== undefined && step === 'result' && <ResultStep />}
        </div>
      </div>
    </Page>
  );
}
