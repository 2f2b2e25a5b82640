import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type ProblemBody, Refused, Unreachable } from '../api.ts';
import { kindWord } from './kind-words.ts';
import { ObjectLink } from './object-link.tsx';

/** As many refused fields as one reads through; a file may have thousands. */
const ERRORS_SHOWN = 30;

/** What went wrong and what to do about it, in the controller's own words where it has any. */
export function ProblemNotice(props: { error: unknown; retry?: (() => void) | undefined }): ReactNode {
  const { t } = useTranslation();
  const { error, retry } = props;
  const said = describe(error, {
    unreachable: t('common.unreachable'),
    unreachableRemedy: t('common.unreachableRemedy'),
    broken: t('common.broken'),
    brokenRemedy: t('common.brokenRemedy'),
  });
  return (
    <div className="wb-notice wb-notice-problem" role="alert">
      <strong>{said.title}</strong>
      {said.detail !== said.title && said.detail !== '' && <p>{said.detail}</p>}
      {said.errors.length > 0 && (
        <ul>
          {said.errors.slice(0, ERRORS_SHOWN).map(({ field, message, line }) => (
            <li key={`${field} ${message}`}>
              {line === undefined ? <code>{field}</code> : t('common.line', { line })} {message}
            </li>
          ))}
          {said.errors.length > ERRORS_SHOWN && (
            <li>{t('common.moreErrors', { count: said.errors.length - ERRORS_SHOWN })}</li>
          )}
        </ul>
      )}
      {said.objects.length > 0 && (
        <ul>
          {said.objects.map(({ kind, id, name }) => (
            <li key={`${kind} ${id} ${name}`}>
              {kindWord(kind, t)} <ObjectLink kind={kind} id={id} name={name} />
            </li>
          ))}
        </ul>
      )}
      {said.remedy !== '' && <p className="wb-remedy">{said.remedy}</p>}
      {retry !== undefined && <Button onClick={retry}>{t('common.again')}</Button>}
    </div>
  );
}

interface Said {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  readonly errors: readonly { field: string; message: string; line?: number | undefined }[];
  readonly objects: NonNullable<ProblemBody['objects']>;
}

function describe(
  error: unknown,
  texts: { unreachable: string; unreachableRemedy: string; broken: string; brokenRemedy: string },
): Said {
  if (error instanceof Refused) {
    const { title, detail, remedy, errors = [], objects = [] } = error.problem;
    return { title, detail, remedy, errors, objects };
  }
  // A part of the page that can't be loaded any more, because another version of it is served by now, is cured by loading all anew.
  if (error instanceof Unreachable)
    return { title: texts.unreachable, detail: '', remedy: texts.unreachableRemedy, errors: [], objects: [] };
  return {
    title: texts.broken,
    detail: error instanceof Error ? error.message : '',
    remedy: texts.brokenRemedy,
    errors: [],
    objects: [],
  };
}
