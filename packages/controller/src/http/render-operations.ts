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
  return t(
    [
      `operations.lines.${sentence.code}`,
      `operations.failures.${sentence.code}.text`,
      `problems.${sentence.code}.detail`,
    ],
    {
      ...params,
      ...sentence.params,
    },
  );
}

function renderFailure(
  error: StatusDetail,
  params: Record<string, string>,
  t: Translate,
): NonNullable<Operation['error']> {
  const values = { ...params, ...error.params };
  return {
    code: error.code,
    text: t([`operations.failures.${error.code}.text`, `problems.${error.code}.detail`], values),
    remedy: t([`operations.failures.${error.code}.remedy`, `problems.${error.code}.remedy`], values),
  };
}
