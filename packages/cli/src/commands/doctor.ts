import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { Failed, Refused } from '../failures.ts';
import { isObject } from '../output/fields.ts';
import { printList } from '../output/print.ts';
import { visible } from '../output/visible.ts';
import type { Session, Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly text: string;
  readonly remedy: string | null;
}

/** What is up, what is wrong and what to do; exit code 1 if anything is wrong. */
export function addDoctorCommand(program: Command, shell: Shell): void {
  addVerb(program, shell, {
    name: 'doctor',
    key: 'doctor',
    examples: ['wirebook doctor', 'wirebook --url https://wirebook.example doctor'],
    run: async (session) => {
      const checks = await examine(session);
      if (checks.some((check) => !check.ok)) session.endWith(1);
      const { printer, terminal, t } = session;
      if (printer.form !== 'table' || printer.fields !== null) {
        printList(printer, checks, [
          { field: 'check' },
          { field: 'ok' },
          { field: 'text' },
          { field: 'remedy' },
        ]);
        return;
      }
      for (const { ok, text, remedy } of checks) {
        terminal.out.write(`${t(ok ? 'cli.doctor.ok' : 'cli.doctor.wrong')}  ${visible(text)}\n`);
        if (remedy !== null) terminal.out.write(`    ${t('cli.problem.remedy')}: ${visible(remedy)}\n`);
      }
    },
  });
}

async function examine(session: Session): Promise<Check[]> {
  const { api, connection, t } = session;
  const process = await attempt('controller', async () => {
    const health = dataOf(await api.GET('/healthz'), t);
    return t('cli.doctor.answers', {
      url: connection.url,
      source: connection.source,
      version: health.version,
    });
  });
  // Nothing behind a controller that does not answer can be judged.
  if (!process.ok) return [process];
  return [process, ...(await examineReadiness(session)), ...(await examineStatus(session))];
}

async function attempt(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { check: name, ok: true, text: await look(), remedy: null };
  } catch (error) {
    return failedCheck(name, error);
  }
}

function failedCheck(name: string, error: unknown): Check {
  if (error instanceof Failed) return { check: name, ok: false, text: error.message, remedy: error.remedy };
  if (!(error instanceof Refused)) throw error;
  const { title, detail, remedy } = error.problem;
  return { check: name, ok: false, text: `${title}: ${detail}`, remedy };
}

async function examineReadiness(session: Session): Promise<Check[]> {
  const { api, t } = session;
  const answer = await api.GET('/readyz');
  // 503 carries the same body, with what is missing.
  const body: unknown = answer.data ?? answer.error;
  const reasons: unknown[] = isObject(body) && Array.isArray(body['reasons']) ? body['reasons'] : [];
  const wrong = reasons.flatMap((reason): Check[] =>
    isObject(reason)
      ? [
          {
            check: String(reason['part']),
            ok: false,
            text: String(reason['text']),
            remedy: t('cli.doctor.seeLog'),
          },
        ]
      : [],
  );
  if (wrong.length > 0) return wrong;
  if (answer.response.ok) return [{ check: 'ready', ok: true, text: t('cli.doctor.ready'), remedy: null }];
  const text = t('cli.doctor.notReady', { status: answer.response.status });
  return [{ check: 'ready', ok: false, text, remedy: t('cli.doctor.seeLog') }];
}

async function examineStatus(session: Session): Promise<Check[]> {
  const { api, t } = session;
  try {
    const status = dataOf(await api.GET('/api/v1/status'), t);
    const { accounts, wires, servers, networks } = status.counts;
    return [
      {
        check: 'token',
        ok: true,
        text: t('cli.doctor.counts', { accounts, wires, servers, networks }),
        remedy: null,
      },
      ...status.attention.map(({ kind, text, remedy }) => ({ check: kind, ok: false, text, remedy })),
    ];
  } catch (error) {
    return [failedCheck('token', error)];
  }
}
