import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLooks } from '../../looks.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/page.tsx';
import type { Operation } from './operation-words.ts';

/** What happened, line by line, with the second at which it did. */
export function OperationLog(props: { operation: Operation }): ReactNode {
  const { t } = useTranslation();
  const { language } = useLooks();
  const { log } = props.operation;
  if (log.length === 0) return null;
  const times = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeStyle: 'medium' });
  const text = log.map((line) => `${line.at} ${line.text}`).join('\n');
  return (
    <Section title={t('operations.log')} actions={<CopyButton text={text} />}>
      <ol className="wb-operation-log" tabIndex={0} aria-label={t('operations.log')}>
        {log.map((line, nr) => (
          <li key={nr}>
            <time dateTime={line.at} className="wb-moment wb-quiet" title={line.at}>
              {times.format(new Date(line.at))}
            </time>
            <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
