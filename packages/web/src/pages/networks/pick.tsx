import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';

interface Found {
  readonly id: string;
  readonly name: string;
  /** What tells it from others of the same name. */
  readonly hint?: string;
}

/** One of many objects, searched by the controller while one types. */
export function Pick(props: {
  label: string;
  kind: string;
  id?: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  find: (q: string, signal: AbortSignal) => Promise<readonly Found[]>;
  /** Reads the chosen one, whose name is needed before anybody searches. */
  show: (id: string, signal: AbortSignal) => Promise<Found>;
  clearable?: boolean;
  width?: number | string;
}): ReactNode {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [open, setOpen] = useState(false);
  const { value } = props;
  const found = useQuery({
    queryKey: ['pick', props.kind, q],
    enabled: open,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => props.find(q, signal),
  });
  const chosen = useQuery({
    queryKey: ['picked', props.kind, value],
    enabled: value !== undefined && value !== '',
    queryFn: ({ signal }) => props.show(value ?? '', signal),
  });
  const options = [...(found.data ?? [])];
  const known = chosen.data;
  if (known !== undefined && value !== undefined && !options.some(({ id }) => id === value))
    options.unshift({ ...known, id: value });
  return (
    <Select
      {...(props.id !== undefined && { id: props.id })}
      showSearch={{ filterOption: false, onSearch: setQ, searchValue: q }}
      style={{ width: props.width ?? 220 }}
      aria-label={props.label}
      placeholder={props.label}
      allowClear={props.clearable === true}
      value={value === '' ? undefined : value}
      open={open}
      onOpenChange={(now) => {
        setOpen(now);
        if (!now) setQ('');
      }}
      loading={found.isFetching}
      notFoundContent={found.isFetching ? t('common.loading') : t('networks.pick.nothing')}
      options={options.map((one) => ({ value: one.id, label: one.name, hint: one.hint }))}
      optionRender={({ data }) => (
        <div className="wb-pick" title={data.label}>
          <span>{data.label}</span>
          {data.hint !== undefined && <span className="wb-quiet">{data.hint}</span>}
        </div>
      )}
      onChange={(id: string | undefined) => props.onChange(id)}
    />
  );
}

type One = Omit<Parameters<typeof Pick>[0], 'kind' | 'find' | 'show'>;
const SHOWN = 50;

export function WirePick(props: One & { space?: string }): ReactNode {
  const { space } = props;
  return (
    <Pick
      {...props}
      kind={`wires ${space ?? ''}`}
      find={async (q, signal) => {
        const query = { limit: SHOWN, ...(q !== '' && { q }), ...(space !== undefined && { space }) };
        const { items } = await ask(api.GET('/api/v1/wires', { params: { query }, signal }));
        return items.map((wire) => ({
          id: wire.id,
          name: wire.name,
          hint: [wire.datacenter, wire.account.name].filter((part) => part !== null).join(' · '),
        }));
      }}
      show={(id, signal) => ask(api.GET('/api/v1/wires/{id}', { params: { path: { id } }, signal }))}
    />
  );
}

export function NetworkPick(props: One & { family?: 4 | 6; space?: string; but?: string }): ReactNode {
  const { family, space, but } = props;
  return (
    <Pick
      {...props}
      kind={`networks ${family ?? ''} ${space ?? ''}`}
      find={async (q, signal) => {
        const query = {
          limit: SHOWN,
          ...(q !== '' && { q }),
          ...(family !== undefined && { family }),
          ...(space !== undefined && { space }),
        };
        const { items } = await ask(api.GET('/api/v1/networks', { params: { query }, signal }));
        return items
          .filter(({ id }) => id !== but)
          .map(({ id, name, cidr, wire }) => ({ id, name, hint: `${cidr} · ${wire.name}` }));
      }}
      show={(id, signal) => ask(api.GET('/api/v1/networks/{id}', { params: { path: { id } }, signal }))}
    />
  );
}

export function ServerPick(props: One): ReactNode {
  return (
    <Pick
      {...props}
      kind="servers"
      find={async (q, signal) => {
        const query = { limit: SHOWN, ...(q !== '' && { q }) };
        const { items } = await ask(api.GET('/api/v1/servers', { params: { query }, signal }));
        return items.map(({ id, name, account }) => ({ id, name, hint: account.name }));
      }}
      show={(id, signal) => ask(api.GET('/api/v1/servers/{id}', { params: { path: { id } }, signal }))}
    />
  );
}
