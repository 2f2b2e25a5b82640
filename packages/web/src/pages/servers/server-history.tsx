import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { OperationStateTag } from '../../ui/object-states.tsx';
import { Section } from '../../ui/page.tsx';
import { actionWord } from '../audit/event-words.ts';

type Operation = Schemas['Operation'];
const SHOWN = 20;

/** What people and programs did with a server: operations on it, and what the audit trail says. */
export function ServerHistory(props: { server: Schemas['Server'] }): ReactNode {
  const { t } = useTranslation();
  const { id } = props.server;
  const events = useQuery({
    queryKey: ['events', 'of', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/events', { params: { query: { object: id, limit: SHOWN } }, signal })),
  });
  const operations = useQuery({
    queryKey: ['operations', 'of', id],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/operations', {
          params: { query: { server: id, limit: SHOWN, parts: 'true' } },
          signal,
        }),
      ),
  });
  return (
    <Section
      title={t('servers.history')}
      actions={
        <Link {...linkTo('audit', undefined, { object: id })} className="wb-inline-link">
          {t('shell.pages.audit')}
        </Link>
      }
    >
      <Loaded of={operations}>
        {({ items }) =>
          items.length > 0 ? (
            <Operations items={items} />
          ) : (
            events.data?.items.length === 0 && <p className="wb-quiet">{t('servers.noHistory')}</p>
          )
        }
      </Loaded>
      <Loaded of={events}>
        {({ items }) =>
          items.length > 0 && (
            <div className="wb-scroll-x">
              <table className="wb-plain">
                <thead>
                  <tr>
                    <th scope="col">{t('servers.at')}</th>
                    <th scope="col">{t('servers.actor')}</th>
                    <th scope="col">{t('servers.action')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((event) => (
                    <tr key={event.id}>
                      <td>
                        <Moment at={event.at} />
                      </td>
                      <td>{event.actor}</td>
                      <td>{actionWord(event.action, t)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}

function Operations(props: { items: readonly Operation[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="wb-scroll-x">
      <table className="wb-plain">
        <thead>
          <tr>
            <th scope="col">{t('servers.at')}</th>
            <th scope="col">{t('servers.operations')}</th>
            <th scope="col">{t('servers.state')}</th>
            <th scope="col">{t('servers.actor')}</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((operation) => (
            <tr key={operation.id}>
              <td>
                <Moment at={operation.createdAt} />
              </td>
              <td>
                <Link {...linkTo('operation', operation.id)}>
                  {t(`states.operationKind.${operation.kind}`)}
                </Link>
              </td>
              <td>
                <OperationStateTag state={operation.state} />
              </td>
              <td>{operation.requestedBy}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
