import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Ref } from '../api.ts';
import { Combobox, type ComboOption } from './combobox.tsx';

const SHOWN = 20;

interface Choice extends Ref {
  /** What tells it from others of the same name. */
  readonly detail?: string;
}

/** What can be chosen by name, and how it is looked for. */
const kinds = {
  servers: async (q: string, signal: AbortSignal): Promise<readonly Choice[]> => {
    const { items } = await ask(api.GET('/api/v1/servers', { params: { query: page(q) }, signal }));
    return items.map(({ id, name, account, host }) => ({ id, name, detail: said(host?.name, account.name) }));
  },
  networks: async (q: string, signal: AbortSignal): Promise<readonly Choice[]> => {
    const { items } = await ask(api.GET('/api/v1/networks', { params: { query: page(q) }, signal }));
    return items.map(({ id, name, cidr, wire }) => ({ id, name, detail: said(cidr, wire.name) }));
  },
  wires: async (q: string, signal: AbortSignal): Promise<readonly Choice[]> => {
    const { items } = await ask(api.GET('/api/v1/wires', { params: { query: page(q) }, signal }));
    return items.map(({ id, name, datacenter, account }) => ({
      id,
      name,
      detail: said(datacenter, account.name),
    }));
  },
  hosts: async (q: string, signal: AbortSignal): Promise<readonly Choice[]> => {
    const { items } = await ask(api.GET('/api/v1/hosts', { params: { query: page(q) }, signal }));
    return items.map(({ id, name, managementIp, cluster }) => ({
      id,
      name,
      detail: said(managementIp, cluster),
    }));
  },
  accounts: async (q: string, signal: AbortSignal): Promise<readonly Choice[]> => {
    const { items } = await ask(api.GET('/api/v1/cloud-accounts', { params: { query: page(q) }, signal }));
    return items.map(({ id, name, url }) => ({ id, name, detail: url }));
  },
} as const;
export type ObjectKind = keyof typeof kinds;

function said(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined).join(' · ');
}

function page(q: string) {
  return { limit: SHOWN, ...(q !== '' && { q }) };
}

const read: Record<ObjectKind, (id: string, signal: AbortSignal) => Promise<Ref>> = {
  servers: (id, signal) => ask(api.GET('/api/v1/servers/{id}', { params: { path: { id } }, signal })),
  networks: (id, signal) => ask(api.GET('/api/v1/networks/{id}', { params: { path: { id } }, signal })),
  wires: (id, signal) => ask(api.GET('/api/v1/wires/{id}', { params: { path: { id } }, signal })),
  hosts: (id, signal) => ask(api.GET('/api/v1/hosts/{id}', { params: { path: { id } }, signal })),
  accounts: (id, signal) => ask(api.GET('/api/v1/cloud-accounts/{id}', { params: { path: { id } }, signal })),
};

interface Found extends ComboOption {
  readonly ref: Ref;
}

/** One object of a kind, looked for by name among however many there are. What is chosen shows as a chip that takes the choice back. */
export function ObjectSelect(props: {
  kind: ObjectKind;
  label: string;
  /** Id or name of what is chosen; undefined where nothing is. */
  value: string | undefined;
  onChange: (chosen: Ref | undefined) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [touched, setTouched] = useState(false);
  const q = useDeferredValue(text.trim());
  const { kind, label, value, onChange } = props;
  const chosen = useQuery({
    queryKey: ['chosen', kind, value],
    enabled: value !== undefined,
    queryFn: ({ signal }) => read[kind](value ?? '', signal),
  });
  const found = useQuery({
    queryKey: ['choices', kind, q],
    enabled: value === undefined && touched,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => kinds[kind](q, signal),
  });
  if (value !== undefined) {
    const name = chosen.data?.name ?? value;
    return (
      <span className="wb-chip" title={`${label}: ${name}`}>
        <span className="wb-quiet">{label}</span>
        <span className="wb-chip-name">{name}</span>
        <button
          type="button"
          className="wb-copy"
          aria-label={t('common.takeBack', { what: `${label} ${name}` })}
          onClick={() => onChange(undefined)}
        >
          <span aria-hidden="true">{'✕'}</span>
        </button>
      </span>
    );
  }
  const options = (found.data ?? []).map(({ id, name, detail }): Found => ({
    key: id,
    title: name,
    detail,
    ref: { id, name },
  }));
  return (
    <div onFocus={() => setTouched(true)}>
      <Combobox<Found>
        label={label}
        placeholder={label}
        value={text}
        onValue={setText}
        openEmpty
        groups={[{ key: kind, options }]}
        note={
          found.isPending
            ? t('common.loading')
            : options.length === 0
              ? t('common.nothingFound')
              : options.length >= SHOWN
                ? t('common.typeForMore')
                : undefined
        }
        onChoose={(option) => {
          setText('');
          onChange(option.ref);
        }}
      />
    </div>
  );
}
