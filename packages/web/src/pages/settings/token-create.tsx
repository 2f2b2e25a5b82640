import { Button, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { reaches, type Role, useSession } from '../../session.ts';
import { useAct } from '../../ui/act.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { ChoiceField, TextField } from '../networks/field.tsx';
import { toTime } from '../reservations/times.ts';

const roles = ['viewer', 'operator', 'administrator'] as const satisfies readonly Role[];
const terms = ['days30', 'days90', 'days365', 'until', 'never'] as const;
type Term = (typeof terms)[number];
const days = { days30: 30, days90: 90, days365: 365 } as const;
const DAY_MS = 86_400_000;

/** Makes a token, and shows it the one time that it can be shown. */
export function TokenCreate(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('settings.makeToken')}
      </Button>
      {open && <Dialog onClose={() => setOpen(false)} />}
    </>
  );
}

function Dialog(props: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [term, setTerm] = useState<Term>('days90');
  const [until, setUntil] = useState('');
  const make = useAct(() =>
    ask(api.POST('/api/v1/tokens', { body: { name: name.trim(), role, expiresAt: endOf(term, until) } })),
  );
  const why =
    name.trim() === ''
      ? t('settings.nameMissing')
      : term === 'until' && toTime(until) === null
        ? t('settings.untilMissing')
        : null;
  return (
    <Modal
      open
      width={640}
      title={t(make.isSuccess ? 'settings.madeToken' : 'settings.makeToken')}
      footer={null}
      // A click beside it must not take away what is shown only once.
      mask={{ closable: !make.isSuccess }}
      onCancel={props.onClose}
    >
      {make.isSuccess ? (
        <Made token={make.data} onClose={props.onClose} />
      ) : (
        <form
          className="wb-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (why === null && !make.isPending) make.mutate();
          }}
        >
          <TextField
            label={t('settings.tokenName')}
            required
            value={name}
            hint={t('settings.tokenNameHint')}
            onChange={setName}
          />
          <ChoiceField
            label={t('settings.role')}
            value={role}
            options={roles
              .filter((one) => reaches(session.data, one))
              .map((value) => ({ value, label: t(`states.role.${value}`) }))}
            hint={t(`settings.roleMay.${role}`)}
            onChange={setRole}
          />
          <ChoiceField
            label={t('settings.expires')}
            value={term}
            options={terms.map((value) => ({ value, label: t(`settings.term.${value}`) }))}
            onChange={setTerm}
          />
          {term === 'until' && (
            <TextField
              label={t('settings.until')}
              type="datetime-local"
              required
              value={until}
              onChange={setUntil}
            />
          )}
          {make.isError && <ProblemNotice error={make.error} />}
          <div>
            <ReasonedButton type="primary" htmlType="submit" loading={make.isPending} why={why}>
              {t('settings.makeToken')}
            </ReasonedButton>
          </div>
        </form>
      )}
    </Modal>
  );
}

function endOf(term: Term, until: string): string | null {
  if (term === 'never') return null;
  if (term === 'until') return toTime(until);
  return new Date(Date.now() + days[term] * DAY_MS).toISOString();
}

/** Names under which a machine reaches only itself. */
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function Made(props: { token: Schemas['MadeToken']; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { token } = props.token;
  const commands = [`export WIREBOOK_URL=${location.origin}`, `export WIREBOOK_TOKEN=${token}`].join('\n');
  const request = [
    'curl -H "Authorization: Bearer $WIREBOOK_TOKEN" \\',
    '  "$WIREBOOK_URL/api/v1/networks"',
  ].join('\n');
  return (
    <div className="wb-stack">
      <Notice kind="warning" title={t('settings.shownOnce')}>
        <span>{t('settings.shownOnceWhy')}</span>
      </Notice>
      <pre className="wb-secret">
        <code>{token}</code>
      </pre>
      <div>
        <CopyButton text={token} label={t('settings.copyToken')} />
      </div>
      <p>
        {t('settings.useByCommand', { url: location.origin })}{' '}
        {loopback.has(location.hostname) && t('settings.onlyHere')}
      </p>
      <pre className="wb-secret">
        <code>{commands}</code>
      </pre>
      <div>
        <CopyButton text={commands} label={t('settings.copyCommands')} />
      </div>
      <p>
        {t('settings.thenTry')} <code>npx wirebook status</code>
      </p>
      <p>{t('settings.useByRequest')}</p>
      <pre className="wb-secret">
        <code>{request}</code>
      </pre>
      <div className="wb-line">
        <CopyButton text={request} label={t('settings.copyRequest')} />
        <span className="wb-grow" />
        <Button type="primary" onClick={props.onClose}>
          {t('settings.kept')}
        </Button>
      </div>
    </div>
  );
}
