import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Ref, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag, type Tone } from '../../ui/state-tag.tsx';
import { EffectText } from './effect.tsx';
import { WirePick } from './pick.tsx';

type Network = Schemas['Network'];
type Evidence = Network['suggestedWires'][number]['evidence'];

/** Which wires have the network, who says so, and what can be said to it. */
export function NetworkWires(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const { network } = props;
  const declared = network.additionalWires.filter(({ origin }) => origin === 'declared');
  return (
    <Section title={t('networks.part.wires')}>
      <p className="wb-quiet">{t('networks.wiring.about')}</p>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('networks.wire')}</th>
              <th scope="col">{t('networks.wiring.how')}</th>
              <th scope="col">{t('networks.wiring.evidence')}</th>
              <th scope="col">{t('networks.wiring.actions')}</th>
            </tr>
          </thead>
          <tbody>
            <WireRow wire={network.wire} origin="primary" tone="good" space={network.space.name} />
            {network.additionalWires.map((one) => (
              <WireRow
                key={one.wire.id}
                {...one}
                tone={one.origin === 'declared' ? 'good' : 'info'}
                space={network.space.name}
              >
                {one.origin === 'detected' && <WireAct network={network} wire={one.wire} verb="declare" />}
                {one.origin === 'declared' && (
                  <WireAct
                    network={network}
                    wire={one.wire}
                    verb="withdraw"
                    left={declared.filter(({ wire }) => wire.id !== one.wire.id).map(({ wire }) => wire)}
                  />
                )}
                <WireAct network={network} wire={one.wire} verb="exclude" />
              </WireRow>
            ))}
            {network.suggestedWires.map((one) => (
              <WireRow
                key={one.wire.id}
                {...one}
                origin="suggested"
                tone="warning"
                space={network.space.name}
              >
                <WireAct network={network} wire={one.wire} verb="declare" />
                <WireAct network={network} wire={one.wire} verb="exclude" />
              </WireRow>
            ))}
            {network.excludedWires.map(({ wire }) => (
              <WireRow key={wire.id} wire={wire} origin="excluded" tone="bad" space={network.space.name}>
                <WireAct
                  network={network}
                  wire={wire}
                  verb="include"
                  left={network.excludedWires.filter((one) => one.wire.id !== wire.id).map((one) => one.wire)}
                />
              </WireRow>
            ))}
          </tbody>
        </table>
      </div>
      <AddWire network={network} />
    </Section>
  );
}

function WireRow(props: {
  wire: Ref;
  origin: 'primary' | 'detected' | 'declared' | 'suggested' | 'excluded';
  tone: Tone;
  evidence?: Evidence;
  servers?: number;
  note?: string | null;
  contradiction?: string;
  space: string;
  children?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { origin, evidence = [], servers = 0, note = null, contradiction } = props;
  return (
    <tr>
      <td>
        <RefLink to="wire" of={props.wire} />
      </td>
      <td>
        <StateTag tone={props.tone}>{t(`states.wireOrigin.${origin}`)}</StateTag>
      </td>
      <td>
        {contradiction !== undefined && <div>{contradiction}</div>}
        {note !== null && <div>{note}</div>}
        {evidence.length > 0 && (
          <details>
            <summary>{t('networks.wiring.servers', { count: servers })}</summary>
            <ul className="wb-bullets">
              {evidence.map(({ server, ip }) => (
                <li key={`${server.id} ${ip}`}>
                  <RefLink to="server" of={server} /> <AddressLink ip={ip} space={props.space} />
                </li>
              ))}
            </ul>
            {servers > evidence.length && (
              <p>{t('networks.wiring.moreServers', { count: servers - evidence.length })}</p>
            )}
          </details>
        )}
        {evidence.length === 0 && contradiction === undefined && note === null && (
          <span className="wb-quiet">{t(`networks.wiring.because.${origin}`)}</span>
        )}
      </td>
      <td>
        <div className="wb-line">{props.children}</div>
      </td>
    </tr>
  );
}

type Verb = 'declare' | 'withdraw' | 'exclude' | 'include';

function WireAct(props: {
  network: Network;
  wire: Ref;
  verb: Verb;
  /** Those that stay in the list from which this one is taken. */
  left?: readonly Ref[];
  afterwards?: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  const { network, wire, verb, left = [] } = props;
  const named = { wire: wire.name, name: network.name };
  const request = (dryRun: boolean, signal?: AbortSignal) =>
    ask(changeWires(network.id, verb, wire, left, dryRun, signal));
  return (
    <PreviewedAction
      label={t(`networks.wiring.${verb}.label`)}
      title={t(`networks.wiring.${verb}.title`, named)}
      confirm={t(`networks.wiring.${verb}.label`)}
      danger={verb === 'exclude'}
      why={notMine}
      preview={(signal) => request(true, signal)}
      describe={(effect) => (
        <div className="wb-stack">
          <p>{t(`networks.wiring.${verb}.about`, named)}</p>
          <EffectText effect={effect} space={network.space.name} />
        </div>
      )}
      act={() => request(false)}
      done={() => t(`networks.wiring.${verb}.done`, named)}
      {...(props.afterwards !== undefined && { afterwards: props.afterwards })}
      button={{ size: 'small' }}
    />
  );
}

function changeWires(
  id: string,
  verb: Verb,
  wire: Ref,
  left: readonly Ref[],
  dryRun: boolean,
  signal?: AbortSignal,
) {
  const params = { path: { id }, query: { dryRun: dryRun ? ('true' as const) : ('false' as const) } };
  const how = { params, ...(signal !== undefined && { signal }) };
  const [one, others] = [{ wires: [wire.id] }, { wires: left.map((other) => other.id) }];
  switch (verb) {
    case 'declare':
      return api.POST('/api/v1/networks/{id}/additional-wires', { ...how, body: one });
    case 'withdraw':
      return api.PUT('/api/v1/networks/{id}/additional-wires', { ...how, body: others });
    case 'exclude':
      return api.POST('/api/v1/networks/{id}/excluded-wires', { ...how, body: one });
    case 'include':
      return api.PUT('/api/v1/networks/{id}/excluded-wires', { ...how, body: others });
  }
}

function AddWire(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const { network } = props;
  const [wire, setWire] = useState('');
  return (
    <div className="wb-line">
      <WirePick
        label={t('networks.wiring.another')}
        width={320}
        clearable
        space={network.space.name}
        value={wire}
        onChange={(chosen) => setWire(chosen ?? '')}
      />
      {wire !== '' && (
        <>
          <WireAct
            network={network}
            wire={{ id: wire, name: t('networks.wiring.chosen') }}
            verb="declare"
            afterwards={() => setWire('')}
          />
          <WireAct
            network={network}
            wire={{ id: wire, name: t('networks.wiring.chosen') }}
            verb="exclude"
            afterwards={() => setWire('')}
          />
        </>
      )}
    </div>
  );
}
