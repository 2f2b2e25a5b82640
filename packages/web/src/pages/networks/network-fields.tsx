import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../ui/page.tsx';
import { ChoiceField, Field, TextField } from './field.tsx';
import { type NetworkDraft, policies } from './network-draft.ts';
import { NetworkPick, WirePick } from './pick.tsx';

/** Everything that can be said of a network, when it is made and later. */
export function NetworkFields(props: {
  draft: NetworkDraft;
  change: (changed: Partial<NetworkDraft>) => void;
  /** Of a network that there is, the wire changes by moving it. */
  existing?: { readonly id: string; readonly family: 4 | 6 };
}): ReactNode {
  const { t } = useTranslation();
  const { draft, change, existing } = props;
  return (
    <div className="wb-columns">
      <Section title={t('networks.form.where')}>
        <TextField
          label={t('networks.name')}
          value={draft.name}
          required
          onChange={(name) => change({ name })}
        />
        {existing === undefined && (
          <>
            <Field label={t('networks.wire')} hint={t('networks.form.wireHint')}>
              {(id) => (
                <WirePick
                  id={id}
                  label={t('networks.wire')}
                  width="100%"
                  value={draft.wire}
                  onChange={(wire) => change({ wire: wire ?? '' })}
                />
              )}
            </Field>
            <ChoiceField
              label={t('networks.form.by')}
              value={draft.by}
              options={[
                { value: 'cidr', label: t('networks.form.byCidr') },
                { value: 'range', label: t('networks.form.byRange') },
              ]}
              onChange={(by) => change({ by })}
            />
          </>
        )}
        {draft.by === 'cidr' ? (
          <TextField
            label={t('networks.form.cidr')}
            code
            required
            value={draft.cidr}
            placeholder="10.1.2.0/24"
            hint={t('networks.form.cidrHint')}
            onChange={(cidr) => change({ cidr })}
          />
        ) : (
          <div className="wb-net-field-row">
            <TextField
              label={t('networks.start')}
              code
              value={draft.start}
              onChange={(start) => change({ start })}
            />
            <TextField label={t('networks.end')} code value={draft.end} onChange={(end) => change({ end })} />
            <TextField
              label={t('networks.prefixLength')}
              type="number"
              value={draft.prefixLength}
              onChange={(prefixLength) => change({ prefixLength })}
            />
          </div>
        )}
        <Giving draft={draft} change={change} />
      </Section>
      <Section title={t('networks.form.says')}>
        <TextField
          label={t('networks.gateway')}
          code
          value={draft.gateway}
          hint={t('networks.form.gatewayHint')}
          onChange={(gateway) => change({ gateway })}
        />
        <TextField
          label={t('networks.dns')}
          code
          lines={2}
          value={draft.dns}
          hint={t('networks.form.listHint')}
          onChange={(dns) => change({ dns })}
        />
        <TextField
          label={t('networks.domain')}
          value={draft.domain}
          onChange={(domain) => change({ domain })}
        />
        <TextField
          label={t('networks.ntp')}
          code
          lines={2}
          value={draft.ntp}
          hint={t('networks.form.listHint')}
          onChange={(ntp) => change({ ntp })}
        />
        <Field label={t('networks.companion')} hint={t('networks.form.companionHint')}>
          {(id) => (
            <NetworkPick
              id={id}
              label={t('networks.companion')}
              width="100%"
              clearable
              value={draft.companion}
              {...(existing !== undefined && { but: existing.id, family: existing.family === 4 ? 6 : 4 })}
              onChange={(companion) => change({ companion: companion ?? '' })}
            />
          )}
        </Field>
      </Section>
      <Section title={t('networks.form.keeping')}>
        <ChoiceField
          label={t('networks.policy')}
          value={draft.allocationPolicy}
          options={policies.map((value) => ({ value, label: t(`states.allocationPolicy.${value}`) }))}
          onChange={(allocationPolicy) => change({ allocationPolicy })}
        />
        <TextField
          label={t('networks.form.resting')}
          type="number"
          value={draft.restingMinutes}
          hint={t('networks.form.restingHint')}
          onChange={(restingMinutes) => change({ restingMinutes })}
        />
        <TextField
          label={t('networks.description')}
          lines={3}
          value={draft.description}
          onChange={(description) => change({ description })}
        />
        <TextField
          label={t('networks.tags')}
          lines={2}
          value={draft.tags}
          hint={t('networks.form.tagsHint')}
          onChange={(tags) => change({ tags })}
        />
      </Section>
    </div>
  );
}

function Giving(props: { draft: NetworkDraft; change: (changed: Partial<NetworkDraft>) => void }): ReactNode {
  const { t } = useTranslation();
  const { draft, change } = props;
  return (
    <>
      <ChoiceField
        label={t('networks.giving')}
        value={draft.giving}
        options={[
          { value: 'all', label: t('networks.givesAll') },
          { value: 'ranges', label: t('networks.form.givesRanges') },
          { value: 'none', label: t('networks.givesNone') },
        ]}
        hint={t('networks.form.givingHint')}
        onChange={(giving) => change({ giving })}
      />
      {draft.giving === 'ranges' && (
        <TextField
          label={t('networks.form.ranges')}
          code
          lines={3}
          value={draft.ranges}
          hint={t('networks.form.rangesHint')}
          onChange={(ranges) => change({ ranges })}
        />
      )}
    </>
  );
}
