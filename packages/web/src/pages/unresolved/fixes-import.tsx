import { Button, Checkbox, Input, Modal } from 'antd';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { csvOf, saveFile } from '../../ui/csv.ts';
import { readFileText } from '../../ui/file-text.ts';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { readFixes } from './fixes-reading.ts';

const TEMPLATE_PAGE = 500;
/** As many as one reads through; the numbers above them are of all. */
const SHOWN = 50;

/** Says the addresses of many NICs at once, from a table: a dry run shows what would be recorded. */
export function FixesImport(props: { account: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const [open, setOpen] = useState(false);
  return (
    <>
      <ReasonedButton why={notAllowed} onClick={() => setOpen(true)}>
        {t('unresolved.importOpen')}
      </ReasonedButton>
      <Modal
        open={open}
        title={t('unresolved.importTitle')}
        width={680}
        destroyOnHidden
        footer={null}
        onCancel={() => setOpen(false)}
      >
        <Form account={props.account} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Form(props: { account: string | undefined; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [clears, setClears] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const take = async (chosen: File): Promise<void> => {
    const content = await readFileText(chosen);
    setUnreadable(content === null ? chosen.name : null);
    setText(content ?? '');
  };
  const read = useMemo(() => readFixes(text), [text]);
  const rows = useMemo(
    () => (read.kind === 'rows' ? read.rows.filter(({ ip }) => clears || ip !== undefined) : []),
    [read, clears],
  );
  const blank = read.kind === 'rows' ? read.rows.length - rows.length : 0;
  const send = (dryRun: boolean, signal?: AbortSignal): Promise<Schemas['FixResult']> =>
    ask(
      api.POST('/api/v1/imports/fixes', {
        params: { query: { dryRun: dryRun ? 'true' : 'false' } },
        body: { rows },
        ...(signal !== undefined && { signal }),
      }),
    );
  const why =
    read.kind === 'no_server'
      ? t('unresolved.importNoServer', { columns: read.columns.join(', ') })
      : rows.length === 0
        ? t('unresolved.importNothing')
        : null;
  return (
    <div className="wb-stack">
      <p>{t('unresolved.importWhat')}</p>
      <div className="wb-line">
        <Button onClick={() => file.current?.click()}>{t('unresolved.importFile')}</Button>
        <input
          ref={file}
          type="file"
          accept=".csv,.txt,text/csv"
          aria-label={t('unresolved.importFile')}
          className="wb-visually-hidden"
          tabIndex={-1}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen !== undefined) void take(chosen);
            // The same file, changed meanwhile, can be chosen again.
            event.target.value = '';
          }}
        />
        <Template account={props.account} />
      </div>
      {unreadable !== null && <p role="alert">{t('compare.unreadableFile', { file: unreadable })}</p>}
      <Input.TextArea
        aria-label={t('unresolved.importPaste')}
        placeholder={`${t('unresolved.importPaste')}\n\n${t('unresolved.importExample')}`}
        className="wb-code"
        rows={9}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Checkbox checked={clears} onChange={(event) => setClears(event.target.checked)}>
        {t('unresolved.importClear')}
      </Checkbox>
      {text.trim() !== '' && (
        <p role="status">
          {read.kind === 'no_server'
            ? t('unresolved.importNoServer', { columns: read.columns.join(', ') })
            : t('unresolved.importRead', { count: rows.length })}{' '}
          {blank > 0 && t('unresolved.importBlank', { count: blank })}
        </p>
      )}
      <div className="wb-line">
        <PreviewedAction
          label={t('unresolved.importButton', { count: rows.length })}
          title={t('unresolved.importButton', { count: rows.length })}
          why={why}
          button={{ type: 'primary' }}
          preview={(signal) => send(true, signal)}
          describe={(result) => <Outcome result={result} />}
          act={() => send(false)}
          done={({ fixed, kept, cleared }) => t('unresolved.importDone', { fixed, kept, cleared })}
          afterwards={props.onDone}
        />
      </div>
    </div>
  );
}

function Outcome(props: { result: Schemas['FixResult'] }): ReactNode {
  const { t } = useTranslation();
  const { fixed, kept, cleared, items } = props.result;
  return (
    <div className="wb-stack">
      <p>
        <strong>{t('unresolved.importOutcome', { fixed, kept, cleared })}</strong>
      </p>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('unresolved.server')}</th>
              <th scope="col">{t('unresolved.mac')}</th>
              <th scope="col">{t('unresolved.address')}</th>
              <th scope="col">{t('unresolved.network')}</th>
              <th scope="col">{t('actions.becomes')}</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, SHOWN).map((item) => (
              <tr key={`${item.nic.id} ${item.ip} ${item.change}`}>
                <td>
                  <RefLink to="server" of={item.server} />
                </td>
                <td className="wb-code">{item.nic.mac}</td>
                <td>
                  <AddressLink ip={item.ip} />
                </td>
                <td>
                  <RefLink to="network" of={item.network} />
                </td>
                <td>{t(`unresolved.importChange.${item.change}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {items.length > SHOWN && (
        <p className="wb-quiet">{t('actions.andMore', { count: items.length - SHOWN })}</p>
      )}
    </div>
  );
}

/** A table of the NICs without a record, whose column `ip` is left to fill in. */
function Template(props: { account: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { account } = props;
  const write = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const nics: Schemas['Nic'][] = [];
      let cursor: string | null = null;
      do {
        const page: { items: Schemas['Nic'][]; nextCursor: string | null } = await ask(
          api.GET('/api/v1/nics', {
            params: {
              query: {
                unresolved: 'true',
                limit: TEMPLATE_PAGE,
                ...(account !== undefined && { account }),
                ...(cursor !== null && { cursor }),
              },
            },
          }),
        );
        nics.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      const named = Map.groupBy(nics, ({ server }) => server.name);
      // A name that several servers have says nothing; the id does.
      const nameOf = ({ server }: Schemas['Nic']): string =>
        new Set(named.get(server.name)?.map((other) => other.server.id)).size > 1 ? server.id : server.name;
      saveFile(
        'fixes.csv',
        csvOf(
          ['server', 'mac', 'ip', 'wire', 'reason'],
          nics.map((nic) => [
            nameOf(nic),
            nic.mac ?? '',
            '',
            nic.wire?.name ?? '',
            nic.reasons[0]?.text ?? '',
          ]),
        ),
      );
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button loading={busy} onClick={() => void write()}>
        {t('unresolved.importTemplate')}
      </Button>
      {error !== null && <ProblemNotice error={error} />}
    </>
  );
}
