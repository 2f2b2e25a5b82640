import { Checkbox } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { Section } from '../../../ui/page.tsx';
import { ChoiceField } from './choice-field.tsx';
import { Folded, FormField, FormInput } from './form-field.tsx';
import { NicFields } from './nic-fields.tsx';
import type { FieldRefusal } from './refusals.ts';
import { countOf, type ServerDraft, setupMethods } from './server-draft.ts';
import { HostPick, SourcePick } from './source-pick.tsx';

type Change = (changed: Partial<ServerDraft>) => void;
interface Parts {
  readonly draft: ServerDraft;
  readonly change: Change;
  /** What is wrong with a field. */
  readonly of: (field: string) => readonly FieldRefusal[];
}

/** Everything that can be said of new servers; what is rarely needed is folded away. */
export function ServerFields(props: {
  draft: ServerDraft;
  change: Change;
  refusals: readonly FieldRefusal[];
  /** What the last look ahead found: names of places to choose from. */
  plan: Schemas['ServerPlan'] | null;
}): ReactNode {
  const { t } = useTranslation();
  const { draft, change, refusals } = props;
  const of = (field: string): readonly FieldRefusal[] => refusals.filter((one) => one.field === field);
  const parts = { draft, change, of };
  const number = (label: string, field: 'count' | 'cpus' | 'memoryGib' | 'diskGib', hint?: string) => (
    <FormInput
      label={label}
      hint={hint}
      numeric
      value={draft[field]}
      refusals={of(field)}
      onChange={(typed) => change({ [field]: typed })}
    />
  );
  const many = countOf(draft) > 1 && draft.name.trim() !== '';
  const [first, second] = many ? (props.plan?.servers ?? []) : [];
  return (
    <>
      <Section title={t('newServer.what')}>
        <FormInput
          label={t('newServer.name')}
          hint={
            first === undefined || second === undefined
              ? t('newServer.nameHint')
              : t('newServer.nameHintMany', { first: first.name, second: second.name })
          }
          value={draft.name}
          refusals={of('name')}
          onChange={(name) => change({ name })}
        />
        <FormField label={t('newServer.from')} hint={t('newServer.fromHint')} refusals={of('from')}>
          {({ id }) => <SourcePick id={id} value={draft.from} onChange={(from) => change({ from })} />}
        </FormField>
        {number(t('newServer.count'), 'count')}
      </Section>
      <Section title={t('newServer.nics')}>
        <NicFields nics={draft.nics} refusals={refusals} onChange={(nics) => change({ nics })} />
      </Section>
      <Section title={t('newServer.hardware')}>
        <p className="wb-make-hint">{t('newServer.hardwareHint')}</p>
        <div className="wb-make-three">
          {number(t('newServer.cpus'), 'cpus')}
          {number(t('newServer.memory'), 'memoryGib')}
          {number(t('newServer.disk'), 'diskGib', t('newServer.diskHint'))}
        </div>
        <Place {...parts} plan={props.plan} />
        <Guest {...parts} refusals={refusals} />
        <Afterwards {...parts} />
      </Section>
    </>
  );
}

const placeFields = ['host', 'cluster', 'datastore', 'resourcePool', 'folder'] as const;

function Place(props: Parts & { plan: Schemas['ServerPlan'] | null }): ReactNode {
  const { t } = useTranslation();
  const { draft, change, of } = props;
  const hosts = props.plan?.hosts ?? [];
  const text = (
    label: string,
    field: 'cluster' | 'datastore' | 'resourcePool' | 'folder',
    offered: readonly (string | null)[] = [],
  ) => (
    <FormInput
      label={label}
      value={draft[field]}
      refusals={of(field)}
      offered={[...new Set(offered.filter((name) => name !== null))]}
      onChange={(typed) => change({ [field]: typed })}
    />
  );
  const filled = placeFields.some((field) => (draft[field] ?? '') !== '') || draft.linked;
  return (
    <Folded
      title={t('newServer.place')}
      note={filled ? t('newServer.filled') : undefined}
      refusals={placeFields.flatMap(of)}
    >
      <p className="wb-make-hint">{t('newServer.placeHint')}</p>
      <FormField label={t('newServer.host')} refusals={of('host')}>
        {({ id }) => <HostPick id={id} value={draft.host} onChange={(host) => change({ host })} />}
      </FormField>
      <div className="wb-make-pair">
        {text(
          t('newServer.cluster'),
          'cluster',
          hosts.map(({ cluster }) => cluster),
        )}
        {text(
          t('newServer.datastore'),
          'datastore',
          hosts.map(({ datastore }) => datastore),
        )}
        {text(t('newServer.pool'), 'resourcePool')}
        {text(t('newServer.folder'), 'folder')}
      </div>
      <Checkbox checked={draft.linked} onChange={(event) => change({ linked: event.target.checked })}>
        {t('newServer.linked')}
      </Checkbox>
    </Folded>
  );
}

const guestFields = ['setup', 'hostName', 'password', 'sshKeys', 'userData'] as const;

function Guest(props: Parts & { refusals: readonly FieldRefusal[] }): ReactNode {
  const { t } = useTranslation();
  const { draft, change, of } = props;
  const filled = guestFields.some((field) => draft[field] !== '' && draft[field] !== 'auto');
  return (
    <Folded
      title={t('newServer.guest')}
      note={filled ? t('newServer.filled') : undefined}
      refusals={guestFields.flatMap(of)}
    >
      <ChoiceField
        label={t('newServer.setup')}
        hint={t(`newServer.setupHint.${draft.setup}`)}
        value={draft.setup}
        refusals={of('setup')}
        options={[
          { value: 'auto', label: t('newServer.setupAuto') },
          ...setupMethods.map((value) => ({ value, label: t(`newServer.setupOf.${value}`) })),
        ]}
        onChange={(setup) => change({ setup })}
      />
      <FormInput
        label={t('newServer.hostName')}
        hint={t('newServer.hostNameHint')}
        value={draft.hostName}
        refusals={of('hostName')}
        onChange={(hostName) => change({ hostName })}
      />
      <FormInput
        label={t('newServer.password')}
        hint={t('newServer.passwordHint')}
        type="password"
        value={draft.password}
        refusals={of('password')}
        onChange={(password) => change({ password })}
      />
      <FormInput
        label={t('newServer.sshKeys')}
        hint={t('newServer.sshKeysHint')}
        lines={2}
        code
        value={draft.sshKeys}
        refusals={of('sshKeys')}
        onChange={(sshKeys) => change({ sshKeys })}
      />
      <FormInput
        label={t('newServer.userData')}
        hint={t('newServer.userDataHint')}
        lines={4}
        code
        value={draft.userData}
        refusals={of('userData')}
        onChange={(userData) => change({ userData })}
      />
    </Folded>
  );
}

function Afterwards(props: Parts): ReactNode {
  const { t } = useTranslation();
  const { draft, change, of } = props;
  const filled = !draft.powerOn || draft.keepOnFailure || draft.waitMinutes !== '';
  return (
    <Folded
      title={t('newServer.afterwards')}
      note={filled ? t('newServer.filled') : undefined}
      refusals={of('waitMinutes')}
    >
      <Checkbox checked={draft.powerOn} onChange={(event) => change({ powerOn: event.target.checked })}>
        {t('newServer.powerOn')}
      </Checkbox>
      <Checkbox
        checked={draft.keepOnFailure}
        onChange={(event) => change({ keepOnFailure: event.target.checked })}
      >
        {t('newServer.keepOnFailure')}
      </Checkbox>
      <FormInput
        label={t('newServer.wait')}
        hint={t('newServer.waitHint')}
        numeric
        value={draft.waitMinutes}
        refusals={of('waitMinutes')}
        onChange={(waitMinutes) => change({ waitMinutes })}
      />
    </Folded>
  );
}
