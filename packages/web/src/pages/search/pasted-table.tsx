import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Ref } from '../../api.ts';
import { csvOf, saveFile } from '../../ui/csv.ts';
import { AddressStateTag } from '../../ui/object-states.tsx';
import { Section } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { keyOf, placeOf, type SearchItem } from './search-results.ts';

/** A line for each address or MAC of a pasted list, in its order, to be taken along as a file. */
export function PastedTable(props: { items: readonly SearchItem[] }): ReactNode {
  const { t } = useTranslation();
  const { items } = props;
  const wires = useWires(items);
  const wireOf = (item: SearchItem): Ref | null => wires.get(nicOf(item) ?? '') ?? null;
  const save = (): void =>
    saveFile(
      `${t('search.title')}.csv`,
      csvOf(
        [
          t('search.asked'),
          t('states.kind.address'),
          t('servers.state'),
          t('states.kind.server'),
          t('states.kind.network'),
          t('states.kind.wire'),
          t('nics.source'),
          t('search.where'),
        ],
        items.map((item) => [
          item.term ?? '',
          item.name,
          item.address === null ? '' : t(`states.address.${item.address.state}`),
          item.server?.name ?? item.address?.holder?.name ?? '',
          item.network?.name ?? '',
          wireOf(item)?.name ?? '',
          item.address?.source ? t(`states.source.${item.address.source}`) : '',
          item.detail,
        ]),
      ),
    );
  return (
    <Section
      title={t('search.pasted', { count: items.length })}
      actions={<Button onClick={save}>{t('common.exportCsv')}</Button>}
    >
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('search.asked')}</th>
              <th scope="col">{t('servers.state')}</th>
              <th scope="col">{t('states.kind.server')}</th>
              <th scope="col">{t('states.kind.network')}</th>
              <th scope="col">{t('states.kind.wire')}</th>
              <th scope="col">{t('search.where')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item, at) => {
              const place = placeOf(item);
              return (
                <tr key={keyOf(item, at)}>
                  <td>
                    {place === null ? (
                      <span className="wb-code">{item.term ?? item.name}</span>
                    ) : (
                      <Link {...place} className="wb-ref wb-code">
                        {item.name}
                      </Link>
                    )}
                    {place !== null && item.term !== null && item.term !== item.name && (
                      <div className="wb-quiet wb-code">{item.term}</div>
                    )}
                  </td>
                  <td>
                    {item.address === null ? (
                      t(`search.kind.${item.kind}`)
                    ) : (
                      <AddressStateTag state={item.address.state} />
                    )}
                  </td>
                  <td>
                    {item.server === null ? (
                      item.address?.holder?.name
                    ) : (
                      <RefLink to="server" of={item.server} />
                    )}
                  </td>
                  <td>
                    <RefLink to="network" of={item.network} />
                  </td>
                  <td>
                    <RefLink to="wire" of={wireOf(item)} />
                  </td>
                  <td className="wb-quiet">{item.detail}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function nicOf(item: SearchItem): string | null {
  return item.kind === 'nic' ? item.id : (item.address?.nic?.id ?? null);
}

/** The wires of the NICs that have the addresses. */
function useWires(items: readonly SearchItem[]): ReadonlyMap<string, Ref | null> {
  const ids = [...new Set(items.flatMap((item) => nicOf(item) ?? []))];
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['nics', 'one', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask(api.GET('/api/v1/nics/{id}', { params: { path: { id } }, signal })),
    })),
    combine: (results) => new Map(results.map(({ data }, at) => [ids[at] ?? '', data?.wire ?? null])),
  });
}
