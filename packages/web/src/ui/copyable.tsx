import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeClipboard } from './copy-button.tsx';

const SAID_MS = 1_500;

/** A name, an address, an id: shown as it is, with a button that puts exactly it on the clipboard. */
export function Copyable(props: { text: string; code?: boolean; children?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const { text, code = true } = props;
  return (
    <span className="wb-copyable">
      {props.children ?? <span className={code ? 'wb-code' : undefined}>{text}</span>}
      <button
        type="button"
        className="wb-copy"
        aria-label={`${t('common.copy')} ${text}`}
        title={copied ? t('common.copied') : t('common.copy')}
        onClick={() => {
          void writeClipboard(text).then((done) => {
            if (!done) return;
            setCopied(true);
            setTimeout(() => setCopied(false), SAID_MS);
          });
        }}
      >
        <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
          {copied ? (
            <path d="M3 8.5l3.2 3.2L13 5" fill="none" stroke="currentColor" strokeWidth="1.8" />
          ) : (
            <path
              d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.3"
            />
          )}
        </svg>
      </button>
    </span>
  );
}
