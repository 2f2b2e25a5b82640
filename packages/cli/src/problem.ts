import type { ProblemBody, Translate } from '@wirebook/contract';
import { visible, visibleLine } from './output/visible.ts';

/** A problem as lines for the user: what it is, where, and what to do about it. */
export function describeProblem(body: ProblemBody, t: Translate): string {
  const lines = [`${t('cli.problem.error')}: ${visible(body.title)}`, `  ${visible(body.detail)}`];
  for (const { field, value, message } of body.errors ?? []) {
    const given = value === undefined || value === null ? '' : ` (${visibleLine(textOf(value))})`;
    lines.push(`  ${visibleLine(field)}: ${visible(message)}${given}`);
  }
  for (const { kind, id, name } of body.objects ?? [])
    lines.push(`  ${visibleLine(kind)} ${visibleLine(name)}${id === null ? '' : ` (${visibleLine(id)})`}`);
  if (body.certificate !== undefined) lines.push(...describeCertificate(body.certificate, t));
  if (body.remedy !== '') lines.push(`  ${t('cli.problem.remedy')}: ${visible(body.remedy)}`);
  return `${lines.join('\n')}\n`;
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
