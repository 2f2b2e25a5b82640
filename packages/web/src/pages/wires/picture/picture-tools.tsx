import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { Choice } from '../../../ui/choice.tsx';
import { useClearing } from '../../../ui/clearing.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { useTyped } from '../../../ui/typed.ts';
import { SHOWN_EACH } from './arrange-hosts.ts';
import { savePicture } from './picture-csv.ts';

const views = ['picture', 'table'] as const;

/** What is shown of the picture and how; all of it stands in the address. */
export function PictureTools(props: {
  wire: Schemas['Wire'];
  picture: Schemas['WirePicture'] | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const clearing = useClearing();
  const [filters, setFilters] = useFilters();
  const { picture } = props;
  const [typed, setTyped] = useTyped(filters['find'] ?? '', (find) => setFilters({ find }));
  const all = filters['open'] === 'all';
  return (
    <div className="wb-picture-tools">
      <h2>{t('wires.picture.label')}</h2>
      <ServerPicker wire={props.wire} />
      <Input
        allowClear={clearing}
        className="wb-picture-find"
        aria-label={t('wires.picture.findHost')}
        placeholder={t('wires.picture.findHost')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Choice
        label={t('wires.picture.view')}
        value={views.find((one) => one === filters['view']) ?? 'picture'}
        options={[
          { value: 'picture', label: t('wires.picture.asPicture') },
          { value: 'table', label: t('wires.picture.asTable') },
        ]}
        onChange={(view) => setFilters({ view: view === 'picture' ? undefined : view })}
      />
      {filters['view'] !== 'table' && (picture?.hosts.length ?? 0) > SHOWN_EACH && (
        <Button onClick={() => setFilters({ open: all ? undefined : 'all' })}>
          {all ? t('wires.picture.collapseAll') : t('wires.picture.expandAll')}
        </Button>
      )}
      <span className="wb-grow" />
      <Button
        disabled={picture === undefined}
        onClick={() => {
          if (picture !== undefined) savePicture(picture, t);
        }}
      >
        {t('wires.picture.exportCsv')}
      </Button>
    </div>
  );
}

const OFFERED = 30;

/** Finds a server among those on the wire, as the API searches: by name, IP, MAC, UUID. */
function ServerPicker({ wire }: { wire: Schemas['Wire'] }): ReactNode {
  const { t } = useTranslation();
  const clearing = useClearing();
  const [filters, setFilters] = useFilters();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const q = useDeferredValue(typed.trim());
  const chosen = filters['server'] ?? '';
  const found = useQuery({
    queryKey: ['servers', 'wire', wire.id, 'picker', q],
    enabled: open,
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/servers', {
          params: { query: { wire: wire.id, limit: OFFERED, ...(q !== '' && { q }) } },
          signal,
        }),
      ),
  });
  const name = useServerName(chosen);
  const options = (found.data?.items ?? []).map((server) => ({
    value: server.id,
    label: [
      server.name,
      ...server.nics
        .filter((nic) => nic.wire?.id === wire.id)
        .flatMap(({ records }) => records.map(({ ip }) => ip)),
    ].join('  '),
  }));
  return (
    <Select
      className="wb-picture-server"
      aria-label={t('wires.picture.server')}
      placeholder={t('wires.picture.serverHint')}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      allowClear={clearing}
      value={chosen === '' ? null : { value: chosen, label: name }}
      labelInValue
      loading={found.isFetching}
      onOpenChange={setOpen}
      notFoundContent={found.isFetching ? t('common.loading') : t('wires.picture.noSuchServer')}
      options={options}
      onChange={(option: { value: string; label: ReactNode } | null | undefined) => {
        setTyped('');
        setFilters({ server: option?.value });
      }}
    />
  );
}

/** The name of the server that the address names by id; until it is known what stands there. */
export function useServerName(idOrName: string): string {
  const server = useQuery({
    queryKey: ['server', idOrName],
    enabled: idOrName !== '',
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/servers/{id}', { params: { path: { id: idOrName } }, signal })),
  });
  return server.data?.name ?? idOrName;
}
