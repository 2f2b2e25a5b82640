import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../../ui/choice.tsx';
import { ReasonedButton } from '../../../ui/reasoned-button.tsx';
import { NetworkPick, WirePick } from '../../networks/pick.tsx';
import { FormField, FormInput, Refusals } from './form-field.tsx';
import type { FieldRefusal } from './refusals.ts';
import { emptyNic, type NicDraft } from './server-draft.ts';

const NICS_AT_MOST = 10;
const ways = ['network', 'tag', 'wire'] as const;

/** The NICs in device order: where each is plugged in, and the address that it is to have if not the next free one. */
export function NicFields(props: {
  nics: readonly NicDraft[];
  onChange: (nics: readonly NicDraft[]) => void;
  refusals: readonly FieldRefusal[];
}): ReactNode {
  const { t } = useTranslation();
  const { nics, onChange, refusals } = props;
  const add = (): void => onChange([...nics, emptyNic(Math.max(...nics.map(({ key }) => key)) + 1)]);
  return (
    <>
      {nics.map((nic, index) => (
        <OneNic
          key={nic.key}
          nic={nic}
          number={index + 1}
          refusals={refusals.filter(({ field }) => field.startsWith(`nics[${index}]`))}
          onChange={(changed) =>
            onChange(nics.map((one) => (one.key === nic.key ? { ...one, ...changed } : one)))
          }
          remove={nics.length === 1 ? null : () => onChange(nics.filter(({ key }) => key !== nic.key))}
        />
      ))}
      <Refusals of={refusals.filter(({ field }) => field === 'nics')} />
      <div>
        <ReasonedButton
          why={nics.length < NICS_AT_MOST ? null : t('newServer.nicsFull', { count: NICS_AT_MOST })}
          onClick={add}
        >
          {t('newServer.addNic')}
        </ReasonedButton>
      </div>
    </>
  );
}

function OneNic(props: {
  nic: NicDraft;
  number: number;
  refusals: readonly FieldRefusal[];
  onChange: (changed: Partial<NicDraft>) => void;
  remove: (() => void) | null;
}): ReactNode {
  const { t } = useTranslation();
  const { nic, number, onChange, remove } = props;
  const of = (field: string): readonly FieldRefusal[] =>
    props.refusals.filter((refusal) => refusal.field.endsWith(`.${field}`));
  const whole = props.refusals.filter(({ field }) => !/\.(network|tag|wire|ip6?)$/.test(field));
  const words = { network: 'byNetwork', tag: 'byTag', wire: 'byWire' } as const;
  return (
    <fieldset className="wb-make-nic">
      <legend>{t('newServer.nic', { number })}</legend>
      <div className="wb-make-nic-head">
        <Choice
          label={t('newServer.by')}
          labelled
          value={nic.by}
          options={ways.map((value) => ({ value, label: t(`newServer.${words[value]}`) }))}
          onChange={(by) => onChange({ by })}
        />
        {remove !== null && (
          <Button size="small" onClick={remove}>
            {t('newServer.removeNic', { number })}
          </Button>
        )}
      </div>
      <div className="wb-make-pair">
        {nic.by === 'network' && (
          <FormField label={t('newServer.network')} refusals={of('network')}>
            {({ id }) => (
              <NetworkPick
                id={id}
                label={t('newServer.network')}
                width="100%"
                clearable
                value={nic.network}
                onChange={(network) => onChange({ network })}
              />
            )}
          </FormField>
        )}
        {nic.by === 'tag' && (
          <FormInput
            label={t('newServer.tag')}
            hint={t('newServer.tagHint')}
            value={nic.tag}
            refusals={of('tag')}
            onChange={(tag) => onChange({ tag })}
          />
        )}
        {nic.by === 'wire' && (
          <FormField label={t('newServer.wire')} hint={t('newServer.wireHint')} refusals={of('wire')}>
            {({ id }) => (
              <WirePick
                id={id}
                label={t('newServer.wire')}
                width="100%"
                clearable
                value={nic.wire}
                onChange={(wire) => onChange({ wire })}
              />
            )}
          </FormField>
        )}
        <FormInput
          label={t('newServer.ip')}
          hint={t('newServer.ipHint')}
          code
          value={nic.ip}
          refusals={of('ip')}
          onChange={(ip) => onChange({ ip })}
        />
      </div>
      <Refusals of={whole} />
      <details className="wb-make-folded">
        <summary>{t('newServer.more')}</summary>
        <div className="wb-make-pair">
          {nic.by === 'network' && (
            <FormField label={t('newServer.onlyWire')} refusals={of('wire')}>
              {({ id }) => (
                <WirePick
                  id={id}
                  label={t('newServer.onlyWire')}
                  width="100%"
                  clearable
                  value={nic.wire}
                  onChange={(wire) => onChange({ wire })}
                />
              )}
            </FormField>
          )}
          <FormInput
            label={t('newServer.ip6')}
            hint={t('newServer.ip6Hint')}
            code
            value={nic.ip6}
            refusals={of('ip6')}
            onChange={(ip6) => onChange({ ip6 })}
          />
        </div>
      </details>
    </fieldset>
  );
}
