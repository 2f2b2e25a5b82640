import { Input } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../ui/page.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { type Draft, sdkUrl } from './draft.ts';
import { Simulated } from './simulated.tsx';

/** Which vCenter or ESXi it is. */
export function AddressStep(props: {
  draft: Draft;
  enabled: boolean;
  onFilled: (draft: Draft) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(props.draft.url);
  const id = useId();
  const why = !props.enabled
    ? t('start.administratorOnly')
    : typed.trim() === ''
      ? t('start.address.missing')
      : null;
  return (
    <>
      <Section title={t('start.address.title')}>
        <p>{t('start.address.intro')}</p>
        <form
          className="wb-stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (why === null) props.onFilled({ ...props.draft, url: sdkUrl(typed) });
          }}
        >
          <label htmlFor={id}>{t('start.address.label')}</label>
          <Input
            id={id}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            placeholder="vcenter.example.com"
            onChange={(event) => setTyped(event.target.value)}
          />
          <div>
            <ReasonedButton type="primary" htmlType="submit" why={why}>
              {t('start.address.next')}
            </ReasonedButton>
          </div>
        </form>
      </Section>
      {props.enabled && <Simulated onReady={props.onFilled} />}
    </>
  );
}
