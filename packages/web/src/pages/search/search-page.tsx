import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useFilters } from '../../ui/filters.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Empty } from '../../ui/notice.tsx';
import { AddressStateTag } from '../../ui/object-states.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { PastedTable } from './pasted-table.tsx';
import { foundKinds, type FoundKind, keyOf, listOf, placeOf, type SearchItem } from './search-results.ts';
import './search.css';

type Answer = Schemas['SearchAnswer'];
/** The most of each kind that the controller lists. */
const SHOWN_OF_EACH = 50;

/** Everything that fits what was typed, by kind; or, for a pasted list of addresses and MACs, a line for each. */
export function SearchPage(): ReactNode {
  const { t } = useTranslation();
  const [{ q = '' }, setFilters] = useFilters();
  const asked = q.trim();
  const found = useQuery({
    queryKey: ['search', asked, SHOWN_OF_EACH],
    enabled: asked !== '',
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/search', { params: { query: { q: asked, limit: SHOWN_OF_EACH } }, signal })),
  });
  return (
    <Page title={t('search.title')} ready={asked === '' || !found.isPending}>
      <Question key={q} asked={q} onAsk={(text) => setFilters({ q: text })} />
      {asked === '' ? (
        <Empty title={t('search.askFirst')}>{t('search.askHint')}</Empty>
      ) : (
        <Loaded of={found}>{(answer) => <Results answer={answer} q={asked} />}</Loaded>
      )}
    </Page>
  );
}

/** Several lines fit; Enter asks, and Shift+Enter begins another line. */
function Question(props: { asked: string; onAsk: (text: string) => void }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState(props.asked);
  return (
    <form
      className="wb-question"
      onSubmit={(event) => {
        event.preventDefault();
        props.onAsk(text.trim());
      }}
    >
      <Input.TextArea
        aria-label={t('search.question')}
        placeholder={t('search.questionHint')}
        autoSize={{ minRows: 1, maxRows: 6 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={(event) => {
          if (event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          props.onAsk(text.trim());
        }}
      />
      <Button type="primary" htmlType="submit">
        {t('search.ask')}
      </Button>
    </form>
  );
}

function Results(props: { answer: Answer; q: string }): ReactNode {
  const { t } = useTranslation();
  const { answer, q } = props;
  if (answer.items.some(({ term }) => term !== null)) return <PastedTable items={answer.items} />;
  if (answer.items.length === 0)
    return <Empty title={t('search.nothing', { q })}>{t('search.nothingHint')}</Empty>;
  return foundKinds
    .filter((kind) => answer.items.some((item) => item.kind === kind))
    .map((kind) => <Group key={kind} kind={kind} answer={answer} q={q} />);
}

function Group(props: { kind: FoundKind; answer: Answer; q: string }): ReactNode {
  const { t } = useTranslation();
  const { kind, answer, q } = props;
  const items = answer.items.filter((item) => item.kind === kind);
  const total = answer.totals[kind];
  const list = listOf(kind, q);
  const more = total === null || (total !== undefined && total > items.length);
  return (
    <Section
      title={t(`search.kinds.${kind}`)}
      actions={
        <span className="wb-quiet">
          {total === null || total === undefined
            ? t('search.shownOfMany', { shown: items.length })
            : t('search.found', { count: total })}{' '}
          {more && list !== null && (
            <Link {...list} className="wb-inline-link">
              {t('search.asList')}
            </Link>
          )}
        </span>
      }
    >
      <div className="wb-scroll-x">
        <table className="wb-plain wb-found" aria-label={t(`search.kinds.${kind}`)}>
          <thead className="wb-visually-hidden">
            <tr>
              <th scope="col">{t('servers.name')}</th>
              <th scope="col">{t('servers.state')}</th>
              <th scope="col">{t('search.where')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item, at) => {
              const place = placeOf(item);
              return (
                <tr key={keyOf(item, at)}>
                  <td>{place === null ? item.name : <Link {...place}>{item.name}</Link>}</td>
                  <td>{item.address !== null && <AddressStateTag state={item.address.state} />}</td>
                  <td className="wb-quiet">
                    <Fits item={item} />
                    {item.detail}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** Why something fits whose name doesn't say it. */
function Fits(props: { item: SearchItem }): ReactNode {
  const { t } = useTranslation();
  const { match, name, detail } = props.item;
  if (match === null || match.value === name || detail.includes(match.value)) return null;
  return (
    <>
      {t(`search.matched.${match.field}`)} {match.value}
      {detail !== '' && ' · '}
    </>
  );
}
