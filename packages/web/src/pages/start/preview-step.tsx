import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { type Draft, nameOf } from './draft.ts';

const counted = ['hosts', 'virtualSwitches', 'wires', 'servers', 'nics', 'addresses'] as const;

/** What the account would bring, before anything is written. */
export function PreviewStep(props: {
  draft: Draft;
  preview: Schemas['AccountPreview'];
  onBack: () => void;
  onAdded: (account: Schemas['CloudAccount']) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { draft, preview } = props;
  const [name, setName] = useState(draft.name ?? nameOf(draft.url));
  const field = useId();
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/cloud-accounts', {
          body: {
            name: name.trim(),
            url: draft.url,
            username: draft.username.trim(),
            password: draft.password,
            trust: draft.trust === null ? null : { sha256: draft.trust },
          },
        }),
      ),
    onSuccess: (account) => {
      void queries.invalidateQueries();
      props.onAdded(account);
    },
  });
  const why =
    preview.knownAs !== null
      ? t('start.preview.known', { name: preview.knownAs.name })
      : name.trim() === ''
        ? t('start.preview.noName')
        : null;
  return (
    <Section title={t('start.preview.title')}>
      <p>{t(`start.preview.${preview.kind}`, { name: preview.name, version: preview.version })}</p>
      <dl className="wb-start-counts">
        {counted.map((key) => (
          <div key={key}>
            <dt>{t(`start.preview.counts.${key}`)}</dt>
            <dd>{preview.counts[key].toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      <p className="wb-quiet">{t('start.preview.nothingYet')}</p>
      {preview.knownAs !== null && (
        <Notice kind="warning" title={t('start.preview.known', { name: preview.knownAs.name })}>
          <Link {...linkTo('account', preview.knownAs.id)}>{preview.knownAs.name}</Link>
        </Notice>
      )}
      {preview.missingPrivileges.length > 0 && (
        <Notice kind="warning" title={t('start.preview.missing')}>
          <ul>
            {preview.missingPrivileges.map(({ object, privilege }) => (
              <li key={`${object} ${privilege}`}>
                <code>{privilege}</code> {object}
              </li>
            ))}
          </ul>
          <p>{t('start.preview.missingRemedy')}</p>
        </Notice>
      )}
      <form
        className="wb-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null && !add.isPending) add.mutate();
        }}
      >
        <label htmlFor={field}>{t('start.preview.name')}</label>
        <Input
          id={field}
          autoFocus
          value={name}
          maxLength={128}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="wb-line">
          <Button onClick={props.onBack}>{t('start.back')}</Button>
          <ReasonedButton type="primary" htmlType="submit" loading={add.isPending} why={why}>
            {t('start.preview.import')}
          </ReasonedButton>
        </div>
      </form>
      {add.isError && <ProblemNotice error={add.error} />}
    </Section>
  );
}
