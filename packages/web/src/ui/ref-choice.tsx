import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Ref } from '../api.ts';

/** As many as one looks through before typing a part of the name. */
const OFFERED = 50;

interface Choosable {
  readonly list: (q: string, signal: AbortSignal) => Promise<{ readonly items: readonly Ref[] }>;
  readonly one: (id: string, signal: AbortSignal) => Promise<Ref>;
}

const kinds: Record<'wire' | 'network' | 'account', Choosable> = {
  wire: {
    list: (q: string, signal: AbortSignal) =>
      ask(
        api.GET('/api/v1/wires', { params: { query: { limit: OFFERED, ...(q !== '' && { q }) } }, signal }),
      ),
    one: (id: string, signal: AbortSignal) =>
      ask(api.GET('/api/v1/wires/{id}', { params: { path: { id } }, signal })),
  },
  network: {
    list: (q: string, signal: AbortSignal) =>
      ask(
        api.GET('/api/v1/networks', {
          params: { query: { limit: OFFERED, ...(q !== '' && { q }) } },
          signal,
        }),
      ),
    one: (id: string, signal: AbortSignal) =>
      ask(api.GET('/api/v1/networks/{id}', { params: { path: { id } }, signal })),
  },
  account: {
    list: (q: string, signal: AbortSignal) =>
      ask(
        api.GET('/api/v1/cloud-accounts', {
          params: { query: { limit: OFFERED, ...(q !== '' && { q }) } },
          signal,
        }),
      ),
    one: (id: string, signal: AbortSignal) =>
      ask(api.GET('/api/v1/cloud-accounts/{id}', { params: { path: { id } }, signal })),
  },
};

/** Narrows something to one object, found by a part of its name among however many there are. */
export function RefChoice(props: {
  of: keyof typeof kinds;
  label: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}): ReactNode {
  const { list, one } = kinds[props.of];
  const { t } = useTranslation();
  const { value } = props;
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const offered = useQuery({
    queryKey: ['choice', props.of, typed],
    enabled: open,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => list(typed, signal),
  });
  const chosen = useQuery({
    queryKey: ['choice', props.of, 'one', value],
    enabled: value !== undefined,
    queryFn: ({ signal }) => one(value ?? '', signal),
  });
  const known = new Map<string, string>();
  if (chosen.data !== undefined && value !== undefined) known.set(value, chosen.data.name);
  for (const { id, name } of offered.data?.items ?? []) if (!known.has(id)) known.set(id, name);
  return (
    <Select<string>
      aria-label={props.label}
      placeholder={props.label}
      style={{ width: 190 }}
      popupMatchSelectWidth={false}
      allowClear={{
        clearIcon: (
          <span role="img" aria-label={t('common.clear')}>
            ✕
          </span>
        ),
      }}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={offered.isFetching}
      value={value ?? null}
      options={[...known].map(([id, name]) => ({ value: id, label: name, title: name }))}
      onOpenChange={setOpen}
      onChange={(id: string | undefined) => props.onChange(id)}
    />
  );
}
