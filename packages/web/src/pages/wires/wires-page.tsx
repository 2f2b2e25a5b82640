import { Link, useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useClearing } from '../../ui/clearing.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { vlanText } from './vlan.ts';
import './wires.css';

type Wire = Schemas['Wire'];

const kinds = ['standard', 'distributed', 'nsx'] as const;
const purposes = ['vm', 'vmkernel', 'uplink', 'any'] as const;
const narrowing = ['q', 'account', 'kind', 'purpose', 'space', 'vlan', 'virtualSwitch', 'host'] as const;

/** Every port group, with what counts on it and whether its hosts agree. */
export function WiresPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const { account, space, virtualSwitch, host } = filters;
  const kind = kinds.find((one) => one === filters['kind']);
  const purpose = purposes.find((one) => one === filters['purpose']);
  const vlan = /^\d{1,4}$/.test(filters['vlan'] ?? '') ? Number(filters['vlan']) : undefined;
  const query = {
    ...(account !== undefined && { account }),
    ...(space !== undefined && { space }),
    ...(virtualSwitch !== undefined && { virtualSwitch }),
    ...(host !== undefined && { host }),
    ...(kind !== undefined && { kind }),
    ...(purpose !== undefined && { purpose }),
    ...(vlan !== undefined && { vlan }),
  };
  const columns = useColumns();
  const narrowed = narrowing.some((name) => (filters[name] ?? '') !== '');
  const clear = (): void => setFilters(Object.fromEntries(narrowing.map((name) => [name, undefined])));
  return (
    <Page title={t('shell.pages.wires')}>
      <List<Wire>
        label={t('shell.pages.wires')}
        queryKey={['wires', query]}
        fetchPage={(page, signal) =>
          api.GET('/api/v1/wires', { params: { query: { ...page, ...query } }, ...(signal && { signal }) })
        }
        columns={columns}
        searchLabel={t('wires.search')}
        filters={<WireFilters narrowed={narrowed} clear={clear} />}
        empty={
          narrowed ? (
            <Empty title={t('wires.noneFits')}>
              <Button onClick={clear}>{t('wires.clear')}</Button>
            </Empty>
          ) : (
            <Empty title={t('wires.none')}>
              <p>{t('wires.noneWhy')}</p>
              <Link {...linkTo('accounts')} className="wb-inline-link">
                {t('wires.toAccounts')}
              </Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function WireFilters(props: { narrowed: boolean; clear: () => void }): ReactNode {
  const { t } = useTranslation();
  const clearing = useClearing();
  const [filters, setFilters] = useFilters();
  const navigate = useNavigate();
  const accounts = useQuery({
    queryKey: ['cloud-accounts', 'names'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/cloud-accounts', { params: { query: { limit: 500 } }, signal })),
  });
  const spaces = useQuery({
    queryKey: ['address-spaces', 'names'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/address-spaces', { params: { query: { limit: 500 } }, signal })),
  });
  const named = (items: readonly { id: string; name: string }[] | undefined) =>
    (items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Choice
        label={t('wires.purpose')}
        value={filters['purpose'] ?? 'vm'}
        options={purposes.map((value) => ({
          value,
          label: value === 'any' ? t('wires.allPurposes') : t(`states.wirePurpose.${value}`),
        }))}
        onChange={(value) => setFilters({ purpose: value === 'vm' ? undefined : value })}
      />
      <Choice
        label={t('wires.kind')}
        value={filters['kind'] ?? ''}
        options={[
          { value: '', label: t('wires.allKinds') },
          ...kinds.map((value) => ({ value, label: t(`states.wireKind.${value}`) })),
        ]}
        onChange={(kind) => setFilters({ kind })}
      />
      <Input
        className="wb-wires-vlan"
        allowClear={clearing}
        inputMode="numeric"
        maxLength={4}
        aria-label={t('wires.vlanFilter')}
        placeholder={t('wires.vlan')}
        value={filters['vlan'] ?? ''}
        onChange={(event) => setFilters({ vlan: event.target.value.replaceAll(/\D/g, '') })}
      />
      {(accounts.data?.items.length ?? 0) > 1 && (
        <Choice
          label={t('wires.account')}
          value={filters['account'] ?? ''}
          options={[{ value: '', label: t('wires.allAccounts') }, ...named(accounts.data?.items)]}
          onChange={(account) => setFilters({ account })}
        />
      )}
      {(spaces.data?.items.length ?? 0) > 1 && (
        <Choice
          label={t('wires.space')}
          value={filters['space'] ?? ''}
          options={[{ value: '', label: t('wires.allSpaces') }, ...named(spaces.data?.items)]}
          onChange={(space) => setFilters({ space })}
        />
      )}
      <NamedFilter name="virtualSwitch" />
      <NamedFilter name="host" />
      {props.narrowed && (
        <Button type="link" onClick={() => void navigate({ ...linkTo('wires'), replace: true })}>
          {t('wires.clear')}
        </Button>
      )}
    </>
  );
}

/** Switches and hosts are many: the list is narrowed to one by coming from it, and the field says which it is and takes another name. */
function NamedFilter(props: { name: 'virtualSwitch' | 'host' }): ReactNode {
  const { t } = useTranslation();
  const clearing = useClearing();
  const [filters, setFilters] = useFilters();
  const value = filters[props.name] ?? '';
  const shown = useQuery({
    queryKey: [props.name, 'name', value],
    enabled: value !== '',
    retry: false,
    queryFn: async ({ signal }): Promise<string> => {
      const params = { path: { id: value } };
      const { name } =
        props.name === 'host'
          ? await ask(api.GET('/api/v1/hosts/{id}', { params, signal }))
          : await ask(api.GET('/api/v1/virtual-switches/{id}', { params, signal }));
      return name;
    },
  });
  const label = t(props.name === 'host' ? 'wires.host' : 'wires.switch');
  const text = shown.data ?? value;
  return (
    <Input
      key={text}
      className="wb-wires-named"
      allowClear={clearing}
      aria-label={label}
      placeholder={label}
      defaultValue={text}
      title={text}
      onClear={() => setFilters({ [props.name]: undefined })}
      onPressEnter={(event) => setFilters({ [props.name]: event.currentTarget.value.trim() })}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim();
        if (typed !== text) setFilters({ [props.name]: typed });
      }}
    />
  );
}

function useColumns(): readonly Column<Wire>[] {
  const { t } = useTranslation();
  return useMemo<readonly Column<Wire>[]>(
    () => [
      {
        key: 'name',
        title: t('wires.name'),
        sort: 'name',
        width: 'minmax(160px, 2fr)',
        render: (wire) => <RefLink to="wire" of={wire} />,
        csv: ({ name }) => name,
      },
      {
        key: 'vlan',
        title: t('wires.vlan'),
        sort: 'vlan',
        width: 'minmax(110px, 1fr)',
        render: (wire) => <span title={vlanText(wire.vlan, t)}>{vlanText(wire.vlan, t)}</span>,
        csv: ({ vlan }) => vlanText(vlan, t),
      },
      {
        key: 'state',
        title: t('wires.state'),
        width: '136px',
        render: (wire) =>
          wire.missingSince !== null ? (
            <StateTag tone="bad">{t('wires.missing')}</StateTag>
          ) : wire.vlanDisagreement ? (
            <Link {...linkTo('wire', wire.id, { part: 'hosts' })}>
              <StateTag tone="warning">{t('wires.disagrees')}</StateTag>
            </Link>
          ) : null,
        csv: (wire) =>
          wire.missingSince !== null ? t('wires.missing') : wire.vlanDisagreement ? t('wires.disagrees') : '',
      },
      {
        key: 'kind',
        title: t('wires.kind'),
        sort: 'kind',
        width: '98px',
        render: ({ kind }) => t(`states.wireKind.${kind}`),
        csv: ({ kind }) => t(`states.wireKind.${kind}`),
      },
      {
        key: 'switch',
        title: t('wires.switch'),
        width: 'minmax(110px, 1fr)',
        render: (wire) => switchNames(wire).join(', '),
        csv: (wire) => switchNames(wire).join(', '),
      },
      {
        key: 'servers',
        title: t('wires.servers'),
        width: '78px',
        align: 'end',
        render: ({ id, counts }) => (
          <Link {...linkTo('servers', undefined, { wire: id })}>{counts.servers}</Link>
        ),
        csv: ({ counts }) => String(counts.servers),
      },
      {
        key: 'nics',
        title: t('wires.nics'),
        width: '62px',
        align: 'end',
        render: ({ id, counts }) => <Link {...linkTo('nics', undefined, { wire: id })}>{counts.nics}</Link>,
        csv: ({ counts }) => String(counts.nics),
      },
      {
        key: 'networks',
        title: t('wires.networks'),
        width: '90px',
        align: 'end',
        render: ({ id, counts }) => (
          <Link {...linkTo('networks', undefined, { wire: id })}>{counts.networks}</Link>
        ),
        csv: ({ counts }) => String(counts.networks),
      },
      {
        key: 'hosts',
        title: t('wires.hosts'),
        width: '64px',
        align: 'end',
        render: ({ id, hostVlans }) => (
          <Link {...linkTo('wire', id, { part: 'hosts' })}>{hostVlans.length}</Link>
        ),
        csv: ({ hostVlans }) => String(hostVlans.length),
      },
      {
        key: 'space',
        title: t('wires.space'),
        width: 'minmax(90px, 0.7fr)',
        render: ({ space }) => <span title={space.name}>{space.name}</span>,
        csv: ({ space }) => space.name,
      },
      {
        key: 'account',
        title: t('wires.account'),
        width: 'minmax(96px, 0.8fr)',
        render: ({ account }) => <RefLink to="account" of={account} />,
        csv: ({ account }) => account.name,
      },
      {
        key: 'portGroup',
        title: t('wires.facts.portGroupId'),
        width: '150px',
        render: ({ portGroupId }) => (
          <span className="wb-code" title={portGroupId}>
            {portGroupId}
          </span>
        ),
        csv: ({ portGroupId }) => portGroupId,
      },
    ],
    [t],
  );
}

/** A standard port group has one switch per host, of the same name as a rule. */
function switchNames(wire: Wire): string[] {
  if (wire.virtualSwitch !== null) return [wire.virtualSwitch.name];
  return [...new Set(wire.hostVlans.flatMap((one) => (one.switch === null ? [] : [one.switch.name])))];
}
