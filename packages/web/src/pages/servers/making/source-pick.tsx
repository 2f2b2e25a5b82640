import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../../api.ts';
import { Pick } from '../../networks/pick.tsx';

const SHOWN = 30;

function readSource(id: string, signal: AbortSignal) {
  return ask(api.GET('/api/v1/servers/{id}', { params: { path: { id } }, signal }));
}

/** Why the template or server that is named can't be read; null where it can, or where none is named. */
export function useSourceError(from: string | undefined): unknown {
  const read = useQuery({
    queryKey: ['picked', 'sources', from],
    enabled: from !== undefined,
    retry: false,
    queryFn: ({ signal }) => readSource(from ?? '', signal),
  });
  return from === undefined ? null : read.error;
}

/** What is cloned: templates first, then servers, each with where it is. */
export function SourcePick(props: {
  id: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Pick
      {...props}
      label={t('newServer.from')}
      kind="sources"
      width="100%"
      clearable
      find={async (q, signal) => {
        const read = (template: 'true' | 'false') =>
          ask(
            api.GET('/api/v1/servers', {
              params: { query: { template, missing: 'false', limit: SHOWN, ...(q !== '' && { q }) } },
              signal,
            }),
          );
        const [templates, servers] = await Promise.all([read('true'), read('false')]);
        return [...templates.items, ...servers.items].map(({ id, name, template, folder, account }) => ({
          id,
          name,
          hint: [t(template ? 'kinds.template' : 'states.kind.server'), folder, account.name]
            .filter((part) => part !== null && part !== '')
            .join(' · '),
        }));
      }}
      show={readSource}
    />
  );
}

export function HostPick(props: {
  id: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Pick
      {...props}
      label={t('newServer.host')}
      kind="hosts"
      width="100%"
      clearable
      find={async (q, signal) => {
        const query = { limit: SHOWN, ...(q !== '' && { q }) };
        const { items } = await ask(api.GET('/api/v1/hosts', { params: { query }, signal }));
        return items.map(({ id, name, cluster, account }) => ({
          id,
          name,
          hint: [cluster, account.name].filter((part) => part !== null).join(' · '),
        }));
      }}
      show={(id, signal) => ask(api.GET('/api/v1/hosts/{id}', { params: { path: { id } }, signal }))}
    />
  );
}
