import type { ReactNode } from 'react';
import { useLooks } from '../looks.tsx';

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time, in the reader's zone; the full one with its zone as the title. */
export function Moment(props: { at: string | null | undefined }): ReactNode {
  const { language } = useLooks();
  if (props.at === null || props.at === undefined) return null;
  const date = new Date(props.at);
  return (
    <time dateTime={props.at} title={format(language, 'full').format(date)} className="wb-moment">
      {format(language, 'short').format(date)}
    </time>
  );
}

function format(language: string, kind: 'full' | 'short'): Intl.DateTimeFormat {
  const key = `${language} ${kind}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(
    language === 'zh' ? 'zh-CN' : 'en-GB',
    kind === 'full'
      ? { dateStyle: 'full', timeStyle: 'long' }
      : { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  );
  formats.set(key, made);
  return made;
}
