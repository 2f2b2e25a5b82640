import type { AccountPreview, CloudAccount, PreviewInput, ProblemBody } from '@wirebook/contract';
import { dataOf } from './api.ts';
import { Refused } from './failures.ts';
import { given } from './options.ts';
import { describeCertificate } from './problem.ts';
import { say, type Session } from './session.ts';

type Certificate = NonNullable<ProblemBody['certificate']>;

/** The certificate that a server shows, and whether an authority known to the controller vouches for it. */
export interface SeenCertificate {
  readonly certificate: Certificate;
  readonly vouchedFor: boolean;
}

/** Asks the controller to look at a vCenter. The password is not used before its certificate is trusted. */
export async function seeCertificate(session: Session, input: PreviewInput): Promise<SeenCertificate> {
  try {
    const seen: AccountPreview['certificate'] = dataOf(
      await session.api.POST('/api/v1/cloud-accounts/preview', { body: { ...given(input), trust: null } }),
      session.t,
    ).certificate;
    return { certificate: seen, vouchedFor: seen.trustedByCa };
  } catch (error) {
    return { certificate: certificateOf(error), vouchedFor: false };
  }
}

/** The new certificate of a known account; null where the one it shows is trusted. */
export async function seeAccountCertificate(
  session: Session,
  account: CloudAccount,
): Promise<Certificate | null> {
  try {
    dataOf(
      await session.api.POST('/api/v1/cloud-accounts/{id}/test', { params: { path: { id: account.id } } }),
      session.t,
    );
    return null;
  } catch (error) {
    return certificateOf(error);
  }
}

function certificateOf(error: unknown): Certificate {
  if (error instanceof Refused && error.problem.certificate !== undefined) return error.problem.certificate;
  throw error;
}

/** Shows the certificate on stderr, so that it can be compared afterwards, and answers the trust to give. */
export function trustSeen(session: Session, certificate: Certificate): { sha256: string } {
  showCertificate(session, certificate);
  return { sha256: certificate.sha256 };
}

/** Shows the certificate to a person and asks whether to trust it. */
export async function askForTrust(
  session: Session,
  certificate: Certificate,
): Promise<{ sha256: string } | null> {
  showCertificate(session, certificate);
  const answer = await session.terminal.input.ask(session.t('cli.certificate.ask'), { secret: false });
  const yes = session.t('cli.certificate.yes').split(' ');
  return yes.includes(answer.trim().toLowerCase()) ? { sha256: certificate.sha256 } : null;
}

function showCertificate(session: Session, certificate: Certificate): void {
  say(session, session.t('cli.certificate.shown'));
  for (const line of describeCertificate(certificate, session.t)) say(session, line);
}
