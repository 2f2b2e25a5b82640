import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import type { Draft } from './draft.ts';
import { Privileges } from './privileges.tsx';

/** As whom Wirebook reads, and what that account needs to be allowed. */
export function CredentialsStep(props: {
  draft: Draft;
  onBack: () => void;
  onChange: (draft: Draft) => void;
  onSeen: (preview: Schemas['AccountPreview']) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { draft } = props;
  const [user, secret] = [useId(), useId()];
  const look = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/cloud-accounts/preview', {
          body: {
            url: draft.url,
            username: draft.username.trim(),
            password: draft.password,
            trust: draft.trust === null ? null : { sha256: draft.trust },
          },
        }),
      ),
  });
  const why =
    draft.username.trim() === ''
      ? t('start.credentials.noUser')
      : draft.password === ''
        ? t('start.credentials.noPassword')
        : null;
  return (
    <>
      <Section title={t('start.credentials.title')}>
        <p>{t('start.credentials.intro')}</p>
        <form
          className="wb-stack"
          onSubmit={(event) => {
            event.preventDefault();
            // Who has gone back meanwhile isn't taken on to what another address or another user would have brought.
            if (why === null && !look.isPending) look.mutate(undefined, { onSuccess: props.onSeen });
          }}
        >
          <label htmlFor={user}>{t('start.credentials.user')}</label>
          <Input
            id={user}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            disabled={look.isPending}
            placeholder="wirebook@vsphere.local"
            value={draft.username}
            onChange={(event) => props.onChange({ ...draft, username: event.target.value })}
          />
          <label htmlFor={secret}>{t('start.credentials.password')}</label>
          <Input.Password
            id={secret}
            autoComplete="new-password"
            disabled={look.isPending}
            value={draft.password}
            onChange={(event) => props.onChange({ ...draft, password: event.target.value })}
          />
          <div className="wb-line">
            <Button onClick={props.onBack}>{t('start.back')}</Button>
            <ReasonedButton type="primary" htmlType="submit" loading={look.isPending} why={why}>
              {t('start.credentials.look')}
            </ReasonedButton>
            <span role="status" className="wb-quiet">
              {look.isPending && t('start.credentials.looking')}
            </span>
          </div>
        </form>
        {look.isError && <ProblemNotice error={look.error} />}
      </Section>
      <Privileges />
    </>
  );
}
