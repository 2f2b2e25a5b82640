import type { ProblemBody, Translate } from '@wirebook/contract';
import type { SourceFile } from './failures.ts';
import { visible, visibleLine } from './output/visible.ts';

/** A problem as lines for the user: what it is, where, and what to do about it. */
export function describeProblem(body: ProblemBody, t: Translate, source: SourceFile | null = null): string {
  const lines = [`${t('cli.problem.error')}: ${visible(body.title)}`, `  ${visible(body.detail)}`];
  for (const error of body.errors ?? []) lines.push(describeFieldError(error, source));
  // What an error names stands there already, with what is wrong with it.
  const told = new Set(body.errors?.map(({ value }) => value));
  for (const { kind, id, name } of body.objects ?? []) {
    if (told.has(name)) continue;
    lines.push(
      `  ${t(`kinds.${kind}`, { defaultValue: visibleLine(kind) })} ${visibleLine(name)}${id === null ? '' : ` (${visibleLine(id)})`}`,
    );
  }
  if (body.certificate !== undefined) lines.push(...describeCertificate(body.certificate, t));
  if (body.remedy !== '') lines.push(`  ${t('cli.problem.remedy')}: ${visible(body.remedy)}`);
  return `${lines.join('\n')}\n`;
}

type FieldError = NonNullable<ProblemBody['errors']>[number];

/**
 * `  field value: message`, or of a file's row `FILE:LINE: field value: message`, as editors and compilers write it. The message comes last:
 * a command at its end can be copied with the rest of the line.
 */
function describeFieldError({ field, value, message, line }: FieldError, source: SourceFile | null): string {
  const given = value === undefined || value === null ? '' : visibleLine(textOf(value));
  const own = source?.placeOf?.(field) ?? null;
  if (own !== null) {
    const what = [own.field, given].filter((text) => text !== '').join(' ');
    return `${visibleLine(own.file)}:${own.line}: ${what === '' ? '' : `${visibleLine(what)}: `}${visible(message)}`;
  }
  const [, row, column] = /^rows\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
  const place = line ?? (row === undefined ? undefined : source?.lines[Number(row)]);
  const inFile = source !== null && place !== undefined;
  const what = [visibleLine((inFile ? column : undefined) ?? field), given]
    .filter((text) => text !== '')
    .join(' ');
  if (!inFile) return `  ${what}: ${visible(message)}`;
  return `${visibleLine(source.file)}:${place}: ${what === '' ? '' : `${what}: `}${visible(message)}`;
}

/** The certificate that a server showed, for a person to compare. */
export function describeCertificate(
  certificate: NonNullable<ProblemBody['certificate']>,
  t: Translate,
): string[] {
  return [
    `  SHA-256   ${visibleLine(certificate.sha256)}`,
    `  ${t('cli.certificate.subject')}   ${visibleLine(certificate.subject)}`,
    `  ${t('cli.certificate.issuer')}    ${visibleLine(certificate.issuer)}`,
    `  ${t('cli.certificate.valid', { from: visibleLine(certificate.validFrom), to: visibleLine(certificate.validTo) })}`,
  ];
}

export function describeFailure(message: string, remedy: string | null, t: Translate): string {
  const lines = [`${t('cli.problem.error')}: ${visible(message)}`];
  if (remedy !== null) lines.push(`  ${t('cli.problem.remedy')}: ${visible(remedy)}`);
  return `${lines.join('\n')}\n`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
