import type { AccountPreview, ServerCertificate } from '@wirebook/contract';
import type { StatusDetail } from '../store/tables.ts';

/** How to reach a vCenter or ESXi and whom to believe. */
export interface Connection {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** SHA-256, lower-case hex; null: a known authority must vouch for the certificate. */
  readonly trustSha256: string | null;
  readonly insecure: boolean;
}

export interface VcenterIdentity {
  readonly kind: 'vcenter' | 'esxi';
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly instanceUuid: string;
}

export type ShownCertificate = ServerCertificate;

/** A conversation with a vCenter that failed, as a problem's code and values. */
export class GateError extends Error {
  readonly detail: StatusDetail;
  readonly certificate: ShownCertificate | null;
  constructor(detail: StatusDetail, certificate: ShownCertificate | null) {
    super(detail.code);
    this.name = 'GateError';
    this.detail = detail;
    this.certificate = certificate;
  }
}

/** What the use cases ask of a vCenter before it is an account. Fails with `GateError`. */
export interface VcenterGate {
  /** The certificate that is shown at a URL, whoever vouches for it. Signs in to nothing. */
  certificate(url: string, signal: AbortSignal): Promise<ShownCertificate>;
  /** Signs in and says who answers. */
  identify(connection: Connection, signal: AbortSignal): Promise<VcenterIdentity>;
  /** Reads everything once and counts what an account would bring. */
  preview(
    connection: Connection,
    signal: AbortSignal,
  ): Promise<
    VcenterIdentity & {
      certificate: ShownCertificate;
      counts: AccountPreview['counts'];
      missingPrivileges: AccountPreview['missingPrivileges'];
    }
  >;
}
