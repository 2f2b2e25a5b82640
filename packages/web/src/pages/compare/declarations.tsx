import { Button, Checkbox } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Schemas, send } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';

type Imported = Schemas['ImportedDeclarations'];
type Document = Record<string, unknown>;
const SHOWN = 100;
const kinds = [
  'spaces',
  'accounts',
  'wires',
  'networks',
  'reservations',
  'sharedAddresses',
  'holders',
  'nicAddresses',
  'keptConflicts',
] as const satisfies readonly (keyof Imported['counts'])[];

/** All that people declared, as one document: out of this Wirebook, and into it. */
export function Declarations(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t('compare.declarationsOut')}>
        <p>{t('compare.declarationsOutWhat')}</p>
        <div>
          <a className="wb-button-link" href="/api/v1/declarations" download="declarations.json">
            {t('compare.declarationsSave')}
          </a>
        </div>
      </Section>
      <Section title={t('compare.declarationsIn')}>
        <p>{t('compare.declarationsInWhat')}</p>
        <DeclarationsImport />
      </Section>
    </>
  );
}

function DeclarationsImport(): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<{ name: string; document: Document | null } | null>(null);
  const [overwrite, setOverwrite] = useState(false);
  const [skipMissing, setSkipMissing] = useState(false);
  const post = async (dryRun: boolean): Promise<Imported> => {
    const query = new URLSearchParams({
      ...(overwrite && { overwrite: 'true' }),
      ...(skipMissing && { skipMissing: 'true' }),
    }).toString();
    const path = `/api/v1/imports/declarations${query === '' ? '' : `?${query}`}`;
    const answer = await send({ method: 'POST', path, body: file?.document ?? {} }, { dryRun });
    if (!isImported(answer)) throw new Error('the answer tells of no import');
    return answer;
  };
  const why =
    notMine ??
    (file === null
      ? t('compare.noDocument')
      : file.document === null
        ? t('compare.notDeclarations', { file: file.name })
        : null);
  return (
    <>
      <div className="wb-line">
        <Button onClick={() => input.current?.click()}>{t('compare.chooseDocument')}</Button>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          aria-label={t('compare.chooseDocument')}
          className="wb-visually-hidden"
          tabIndex={-1}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen !== undefined)
              void chosen.text().then((text) => setFile({ name: chosen.name, document: read(text) }));
            event.target.value = '';
          }}
        />
        {file !== null && <strong>{file.name}</strong>}
      </div>
      {file?.document === null && <p role="alert">{t('compare.notDeclarations', { file: file.name })}</p>}
      <Checkbox checked={overwrite} onChange={(event) => setOverwrite(event.target.checked)}>
        {t('compare.overwrite')}
      </Checkbox>
      <Checkbox checked={skipMissing} onChange={(event) => setSkipMissing(event.target.checked)}>
        {t('compare.skipMissing')}
      </Checkbox>
      <div>
        <PreviewedAction
          label={t('compare.importDocument')}
          title={t('compare.importDocument')}
          why={why}
          button={{ type: 'primary' }}
          preview={() => post(true)}
          describe={(result) => <Outcome result={result} />}
          act={() => post(false)}
          done={() => t('compare.documentDone')}
          afterwards={() => setFile(null)}
        />
      </div>
    </>
  );
}

function read(text: string): Document | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) && value['format'] === 'wirebook-declarations' ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isImported(value: unknown): value is Imported {
  return isObject(value) && isObject(value['counts']) && Array.isArray(value['notes']);
}

function Outcome(props: { result: Imported }): ReactNode {
  const { t } = useTranslation();
  const { counts, notes, settles, ends, conflicts } = props.result;
  return (
    <div className="wb-stack">
      <span>{t('compare.effect', { settles, ends, conflicts })}</span>
      <div className="wb-scroll-x" role="region" aria-label={t('compare.preview')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('compare.becomes')}</th>
              {(['created', 'updated', 'unchanged', 'skipped'] as const).map((change) => (
                <th key={change} scope="col" className="wb-end">
                  {t(`compare.change.${change}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => {
              const { created, updated, unchanged, skipped } = counts[kind];
              return (
                <tr key={kind}>
                  <th scope="row">{t(`compare.declared.${kind}`)}</th>
                  {[created, updated, unchanged, skipped].map((count, at) => (
                    <td key={at} className="wb-end">
                      {count}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {notes.length > 0 && (
        <ul className="wb-bullets">
          {notes.slice(0, SHOWN).map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code>{field}</code> {message}
            </li>
          ))}
          {notes.length > SHOWN && <li>{t('actions.andMore', { count: notes.length - SHOWN })}</li>}
        </ul>
      )}
    </div>
  );
}
