import { useNavigate } from '@tanstack/react-router';
import { Input, type InputRef } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { linkTo } from '../paths.ts';

/** One search box over everything; Ctrl+K goes there. */
export function SearchBox(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      input.current?.focus({ cursor: 'all' });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void navigate(linkTo('search', undefined, { q: text.trim() }));
      }}
    >
      <Input
        ref={input}
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        aria-keyshortcuts="Control+K"
        style={{ width: 'min(420px, 40vw)' }}
      />
    </form>
  );
}
