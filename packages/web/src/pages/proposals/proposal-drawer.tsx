import { Button, Checkbox, Drawer, Input } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';

export type Proposal = Schemas['Proposal'];
/** What shall be other than proposed. */
export interface Change {
  readonly name?: string;
  readonly gateway?: string | null;
  readonly dns?: string[];
  readonly giving?: 'all' | 'none';
}

/** One proposal whole: what it rests on, what speaks against it, and what may be changed before it is accepted. */
export function ProposalDrawer(props: {
  proposal: Proposal;
  change: Change;
  onClose: () => void;
  onChange: (change: Change) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { proposal } = props;
  const [name, setName] = useState(props.change.name ?? proposal.name);
  const [gateway, setGateway] = useState(
    props.change.gateway === undefined ? (proposal.gateway ?? '') : (props.change.gateway ?? ''),
  );
  const [dns, setDns] = useState((props.change.dns ?? proposal.dns).join(', '));
  const [giving, setGiving] = useState(props.change.giving === 'all');
  const [nameId, gatewayId, dnsId] = [useId(), useId(), useId()];
  const servers = dns.split(/[\s,;]+/).filter((text) => text !== '');
  const change: Change = {
    ...(name.trim() !== proposal.name && { name: name.trim() }),
    ...(gateway.trim() !== (proposal.gateway ?? '') && {
      gateway: gateway.trim() === '' ? null : gateway.trim(),
    }),
    ...(servers.join(' ') !== proposal.dns.join(' ') && { dns: servers }),
    ...(giving && { giving: 'all' as const }),
  };
  return (
    <Drawer
      open
      size={720}
      title={t('proposals.one', { cidr: proposal.cidr })}
      onClose={props.onClose}
      footer={
        <div className="wb-line">
          <Button type="primary" onClick={() => props.onChange(change)}>
            {t('proposals.keepChange')}
          </Button>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
        </div>
      }
    >
      <div className="wb-stack">
        <div className="wb-proposal-form">
          <label htmlFor={nameId}>{t('proposals.columns.name')}</label>
          <Input id={nameId} value={name} maxLength={128} onChange={(event) => setName(event.target.value)} />
          <label htmlFor={gatewayId}>{t('proposals.columns.gateway')}</label>
          <Input
            id={gatewayId}
            value={gateway}
            placeholder={t('common.none')}
            onChange={(event) => setGateway(event.target.value)}
          />
          <label htmlFor={dnsId}>{t('proposals.dns')}</label>
          <Input
            id={dnsId}
            value={dns}
            placeholder={t('common.none')}
            onChange={(event) => setDns(event.target.value)}
          />
          <span />
          <Checkbox checked={giving} onChange={(event) => setGiving(event.target.checked)}>
            {t('proposals.giveFromIt')}
          </Checkbox>
        </div>
        <dl className="wb-facts">
          <dt>{t('proposals.range')}</dt>
          <dd className="wb-code">
            {proposal.start} – {proposal.end}
          </dd>
          <dt>{t('proposals.space')}</dt>
          <dd>
            {proposal.space.name}
            {proposal.space.id === null &&
              ` ${t('proposals.newSpace', { wires: proposal.movesWires.map((wire) => wire.name).join(', ') })}`}
          </dd>
          <dt>{t('proposals.columns.wire')}</dt>
          <dd>
            <RefLink to="wire" of={proposal.wire} />
          </dd>
          <dt>{t('proposals.columns.settles')}</dt>
          <dd>{t('proposals.settlesOf', { settles: proposal.settles, servers: proposal.servers })}</dd>
        </dl>
        {(proposal.objections.length > 0 || proposal.remaining.length > 0) && (
          <section>
            <h3>{t('proposals.speaksAgainst')}</h3>
            <ul>
              {proposal.objections.map(({ code, text }) => (
                <li key={`${code} ${text}`}>{text}</li>
              ))}
              {proposal.remaining.map(({ code, nics, text }) => (
                <li key={code}>
                  {text} ({nics})
                </li>
              ))}
            </ul>
          </section>
        )}
        {(proposal.additionalWires.length > 0 || proposal.suggestedWires.length > 0) && (
          <section>
            <h3>{t('proposals.columns.additional')}</h3>
            <ul>
              {proposal.additionalWires.map(({ wire, servers: count, note }) => (
                <li key={wire.id}>
                  <RefLink to="wire" of={wire} /> {t('proposals.usedBy', { count })} {note}
                </li>
              ))}
              {proposal.suggestedWires.map(({ wire, servers: count, contradiction }) => (
                <li key={wire.id}>
                  <RefLink to="wire" of={wire} /> {t('proposals.usedBy', { count })} {t('proposals.notAdded')}{' '}
                  {contradiction}
                </li>
              ))}
            </ul>
          </section>
        )}
        <section>
          <h3>{t('proposals.evidence')}</h3>
          <div className="wb-scroll-x" role="region" aria-label={t('proposals.evidence')} tabIndex={0}>
            <table className="wb-plain">
              <thead>
                <tr>
                  <th scope="col">{t('proposals.evidenceColumns.server')}</th>
                  <th scope="col">{t('proposals.evidenceColumns.ip')}</th>
                  <th scope="col">{t('proposals.evidenceColumns.gateway')}</th>
                  <th scope="col">{t('proposals.evidenceColumns.wire')}</th>
                </tr>
              </thead>
              <tbody>
                {proposal.evidence.map(({ server, wire, ip, prefixLength, gateways }) => (
                  <tr key={`${server.id} ${ip}`}>
                    <td>
                      <RefLink to="server" of={server} />
                    </td>
                    <td className="wb-nowrap">
                      <AddressLink ip={ip} space={proposal.space.id ?? undefined} />
                      {prefixLength !== null && <span className="wb-code">/{prefixLength}</span>}
                    </td>
                    <td className="wb-code">{gateways.join(' ')}</td>
                    <td>{wire.name}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      </div>
    </Drawer>
  );
}
