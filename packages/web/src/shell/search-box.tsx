import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../api.ts';
import { foundKinds, keyOf, placeOf, type SearchItem } from '../pages/search/search-results.ts';
import { linkTo } from '../paths.ts';
import { Combobox, type ComboOption } from '../ui/combobox.tsx';

const PAUSE_MS = 150;
const SHOWN_OF_EACH = 5;

interface Found extends ComboOption {
  readonly item: SearchItem;
}

/** One search box over everything; Ctrl+K goes there. What is found shows while one types, grouped by kind. */
export function SearchBox(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ['search', asked, SHOWN_OF_EACH],
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/search', { params: { query: { q: asked, limit: SHOWN_OF_EACH } }, signal })),
  });
  const items = text.trim() === '' ? [] : (found.data?.items ?? []);
  const groups = foundKinds
    .map((kind) => ({
      key: kind,
      title: t(`search.kinds.${kind}`),
      options: items.flatMap((item, at): Found[] =>
        item.kind === kind && placeOf(item) !== null
          ? [{ key: keyOf(item, at).replaceAll(/\s/g, '_'), title: item.name, detail: item.detail, item }]
          : [],
      ),
    }))
    .filter(({ options }) => options.length > 0);
  return (
    <div role="search" className="wb-search">
      <Combobox<Found>
        inputRef={input}
        label={t('search.label')}
        placeholder={t('search.placeholder')}
        shortcut="Control+K"
        value={text}
        onValue={setText}
        groups={groups}
        note={
          found.isError
            ? found.error.message
            : found.isPending
              ? t('common.loading')
              : groups.length === 0
                ? t('search.nothingForAll')
                : t('search.enterForAll')
        }
        onChoose={({ item }) => {
          setText('');
          const place = placeOf(item);
          if (place !== null) void navigate(place);
        }}
        onEnter={() => {
          if (text.trim() === '') return;
          setText('');
          void navigate(linkTo('search', undefined, { q: text.trim() }));
        }}
      />
    </div>
  );
}
