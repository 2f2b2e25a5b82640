import { Checkbox, Input, InputNumber, Modal } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { useAct } from '../../ui/act.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import type { Account } from './account-state.tsx';

/** Changes an account. What it takes to reach it is tried before anything is stored. */
export function AccountUpdate(props: { account: Account; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { account } = props;
  const [name, setName] = useState(account.name);
  const [url, setUrl] = useState(account.url);
  const [username, setUsername] = useState(account.username);
  const [password, setPassword] = useState('');
  const [sha256, setSha256] = useState(account.trust?.sha256 ?? '');
  const [every, setEvery] = useState(account.syncEvery);
  const [enabled, setEnabled] = useState(account.enabled);
  const id = useId();
  const change = {
    ...(name.trim() !== account.name && { name: name.trim() }),
    ...(url.trim() !== account.url && { url: url.trim() }),
    ...(username.trim() !== account.username && { username: username.trim() }),
    ...(password !== '' && { password }),
    ...(sha256.trim() !== (account.trust?.sha256 ?? '') && {
      trust: sha256.trim() === '' ? null : { sha256: sha256.trim() },
    }),
    ...(every !== account.syncEvery && { syncEvery: every }),
    ...(enabled !== account.enabled && { enabled }),
  };
  const save = useAct(
    () =>
      ask(api.PATCH('/api/v1/cloud-accounts/{id}', { params: { path: { id: account.id } }, body: change })),
    {
      done: () => {
        props.onClose();
        return t('accounts.saved', { name });
      },
    },
  );
  return (
    <Modal
      open
      title={t('accounts.change', { name: account.name })}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: save.isPending, disabled: Object.keys(change).length === 0 }}
      onOk={() => save.mutate()}
      onCancel={props.onClose}
    >
      <form
        className="wb-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <label htmlFor={`${id}-name`}>{t('accounts.columns.name')}</label>
        <Input id={`${id}-name`} value={name} onChange={(event) => setName(event.target.value)} />
        <label htmlFor={`${id}-url`}>{t('accounts.columns.url')}</label>
        <Input id={`${id}-url`} value={url} onChange={(event) => setUrl(event.target.value)} />
        <label htmlFor={`${id}-user`}>{t('accounts.user')}</label>
        <Input
          id={`${id}-user`}
          autoComplete="off"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <label htmlFor={`${id}-password`}>{t('accounts.newPassword')}</label>
        <Input.Password
          id={`${id}-password`}
          autoComplete="new-password"
          placeholder={t('accounts.passwordKept')}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <label htmlFor={`${id}-trust`}>{t('accounts.trust')}</label>
        <Input
          id={`${id}-trust`}
          placeholder={t('accounts.byAuthority')}
          value={sha256}
          onChange={(event) => setSha256(event.target.value)}
        />
        <label htmlFor={`${id}-every`}>{t('accounts.everySeconds')}</label>
        <InputNumber
          id={`${id}-every`}
          min={60}
          max={604_800}
          value={every}
          onChange={(value) => setEvery(value ?? account.syncEvery)}
        />
        <Checkbox checked={enabled} onChange={(event) => setEnabled(event.target.checked)}>
          {t('accounts.scheduled')}
        </Checkbox>
        <p className="wb-quiet">{t('accounts.triedFirst')}</p>
        {save.isError && <ProblemNotice error={save.error} />}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
