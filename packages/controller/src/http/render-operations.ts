import type { Operation, Translate } from '@wirebook/contract';
import { quoted } from '../app/problem.ts';
import type { StoredOperation } from '../store/operation-list.ts';
import type { StatusDetail } from '../store/tables.ts';

/** Puts words to an operation: `operations.*` of the catalogue, and the problems for why it failed. */
export function renderOperation(operation: StoredOperation, t: Translate): Operation {
  const { undoing: _, ...rest } = operation;
  const whole = operation.kind === 'create_servers';
  const name = operation.server?.name ?? '';
  const params = { server: name, quoted: quoted(name), operation: operation.id };
  return {
    ...rest,
    steps: operation.steps.map((step) => ({
      ...step,
      title: whole ? step.name : t(`operations.steps.${step.name}`),
      detail: step.detail === null ? null : renderSentence(step.detail, params, t),
    })),
    log: operation.log.map(({ at, line }) => ({ at, text: renderSentence(line, params, t) })),
    warnings: operation.warnings.map((one) => ({ code: one.code, text: renderSentence(one, params, t) })),
    left: operation.left.map((one) => ({ code: one.code, text: renderSentence(one, params, t) })),
    error: operation.error === null ? null : renderFailure(operation.error, params, t),
  };
}

/** A sentence of an operation; what failed is worded as a failure. */
function renderSentence(sentence: StatusDetail, params: Record<string, string>, t: Translate): string {
  const { code } = sentence;
  return t(
    [`operations.lines.${code}`, `operations.failures.${code}.text`, `problems.${code}.detail`],
    valuesOf(sentence, params, t),
  );
}

function renderFailure(
  error: StatusDetail,
  params: Record<string, string>,
  t: Translate,
): NonNullable<Operation['error']> {
  const { code } = error;
  const values = valuesOf(error, params, t);
  return {
    code,
    text: t([`operations.failures.${code}.text`, `problems.${code}.detail`], values),
    remedy: t([`operations.failures.${code}.remedy`, `problems.${code}.remedy`], values),
  };
}

/** What a host was passed over for is a sentence of its own. */
function valuesOf({ params: own }: StatusDetail, params: Record<string, string>, t: Translate) {
  const values = { ...params, ...own };
  const { reason } = own;
  return reason === undefined ? values : { ...values, why: t(`operations.hosts.${reason}`, values) };
}
