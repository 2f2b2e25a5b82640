import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, Refused, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { useFilters } from '../../ui/filters.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AddressStateTag } from '../../ui/object-states.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { AddressActions } from '../networks/grid/address-actions.tsx';
import { NicPath } from '../nics/nic-path.tsx';
import { ReasonList } from '../nics/reason-list.tsx';
import { AddressHistory } from './address-history.tsx';
import { Spaces } from './address-spaces.tsx';
import { AddressWhy } from './address-why.tsx';

type Why = Schemas['Why'];

/** One address: who has it, who had it, where it is seen, and why it is or isn't free. */
export function AddressPage(): ReactNode {
  const { t } = useTranslation();
  const { ip = '' } = useParams({ strict: false });
  const [{ space }] = useFilters();
  const why = useQuery({
    queryKey: ['why', 'address', ip, space],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/addresses/{ip}/why', {
          params: { path: { ip }, query: { ...(space !== undefined && { space }) } },
          signal,
        }),
      ),
  });
  const address = why.data?.addresses[0];
  const ambiguous =
    why.error instanceof Refused && why.error.problem.code === 'ambiguous' ? why.error.problem : null;
  return (
    <Page
      title={address?.ip ?? ip}
      above={<Link {...linkTo('addresses')}>{t('shell.pages.addresses')}</Link>}
      ready={!why.isPending}
      {...(address !== undefined && {
        aside: (
          <>
            <AddressStateTag state={address.state} />
            {address.network !== null && <RefLink to="network" of={address.network} />}
          </>
        ),
      })}
    >
      {ambiguous === null ? (
        <Loaded of={why}>{(why) => <Content why={why} />}</Loaded>
      ) : (
        <Spaces ip={ip} problem={ambiguous} />
      )}
    </Page>
  );
}

function Content(props: { why: Why }): ReactNode {
  const { t } = useTranslation();
  const { why } = props;
  const [address] = why.addresses;
  if (address === undefined) return <Notice kind="info" title={why.answer} />;
  return (
    <>
      <AddressWhy
        why={why}
        address={address}
        {...(address.network !== null && {
          actions: <InNetwork network={address.network.id} address={address} />,
        })}
      />
      <div className="wb-columns">
        <AddressFacts address={address} />
        <SeenOn address={address} />
      </div>
      <Paths why={why} />
      <Section title={t('why.history')}>
        <AddressHistory intervals={address.history} />
      </Section>
    </>
  );
}

/** What can be done with it follows from its network: which servers can have it, and what is kept back there. */
function InNetwork(props: { network: string; address: Why['addresses'][number] }): ReactNode {
  const { network: id, address } = props;
  const network = useQuery({
    queryKey: ['networks', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/networks/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <Loaded of={network}>{(network) => <AddressActions network={network} explained={address} />}</Loaded>
  );
}

function AddressFacts(props: { address: Why['addresses'][number] }): ReactNode {
  const { t } = useTranslation();
  const { address } = props;
  const { holder } = address;
  return (
    <Section title={t('servers.facts')}>
      <Facts
        of={[
          [t('states.kind.address'), <Copyable key="ip" text={address.ip} />],
          [t('servers.state'), <AddressStateTag key="s" state={address.state} />],
          [t('states.kind.server'), address.server && <RefLink key="v" to="server" of={address.server} />],
          [
            t('states.kind.nic'),
            address.nic && (
              <RefLink
                key="n"
                to="nic"
                of={{ id: address.nic.id, name: address.nic.mac ?? t('states.kind.nic') }}
              />
            ),
          ],
          [t('why.holder'), holder?.name],
          [t('why.owner'), holder?.owner],
          [t('nics.mac'), holder?.mac && <Copyable key="m" text={holder.mac} />],
          [t('why.note'), holder?.note],
          [t('why.key'), address.key && <Copyable key="k" text={address.key} />],
          [t('nics.source'), address.source && t(`states.source.${address.source}`)],
          [t('nics.since'), address.since && <Moment key="t" at={address.since} />],
          [t('why.expires'), address.expiresAt && <Moment key="e" at={address.expiresAt} />],
          [t('why.shared'), address.shared && t('common.yes')],
          [
            t('states.kind.network'),
            address.network && <RefLink key="w" to="network" of={address.network} />,
          ],
          [
            t('shell.pages.wires'),
            address.wires.length > 0 &&
              address.wires.map((wire) => (
                <div key={wire.id}>
                  <RefLink to="wire" of={wire} /> <span className="wb-quiet">{wire.vlan}</span>
                </div>
              )),
          ],
          [t('why.space'), address.space.name],
        ]}
      />
    </Section>
  );
}

function SeenOn(props: { address: Why['addresses'][number] }): ReactNode {
  const { t } = useTranslation();
  const { seenOn } = props.address;
  return (
    <Section title={t('why.seenOn')}>
      {seenOn.length === 0 ? (
        <p className="wb-quiet">{t('why.seenNowhere')}</p>
      ) : (
        <div className="wb-scroll-x">
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col">{t('states.kind.server')}</th>
                <th scope="col">{t('states.kind.wire')}</th>
                <th scope="col">{t('servers.interface')}</th>
                <th scope="col">{t('nics.since')}</th>
              </tr>
            </thead>
            <tbody>
              {seenOn.map((seen) => (
                <tr key={`${seen.server.id} ${seen.interface}`}>
                  <td>
                    <RefLink to="server" of={seen.server} />
                  </td>
                  <td>
                    <RefLink to="wire" of={seen.wire} />
                  </td>
                  <td className="wb-code">{seen.interface}</td>
                  <td>
                    <Moment at={seen.since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

/** Down to the switch port, for every NIC that has the address or reports it; and why one that reports it doesn't have it. */
function Paths(props: { why: Why }): ReactNode {
  const { t } = useTranslation();
  const { nics } = props.why;
  if (nics.length === 0) return null;
  return (
    <Section title={t('nics.path')}>
      {nics.map((path) => (
        <div key={path.nic.id} className="wb-stack">
          <NicPath path={path} />
          {path.nic.reasons.length > 0 && <ReasonList reasons={path.nic.reasons} />}
        </div>
      ))}
    </Section>
  );
}
