import { VsphereError } from '@wirebook/vsphere';
import type { AccountStatus, StatusDetail } from '../store/tables.ts';

export interface VcenterFailure extends StatusDetail {
  readonly status: AccountStatus;
}

/** What a failed conversation with a vCenter means to a person: a problem's code and its values. Null for any other error. */
export function describeFailure(
  error: unknown,
  account: { url: string; username: string },
): VcenterFailure | null {
  if (!(error instanceof VsphereError)) return null;
  const { url, username } = account;
  const { problem } = error;
  switch (problem.kind) {
    case 'authentication':
      return { status: 'refused', code: 'login_refused', params: { url, username } };
    case 'permission':
      return {
        status: 'refused',
        code: 'privileges_missing',
        params: {
          username,
          privilege: problem.fault.privilegeId ?? problem.fault.faultType,
          object: problem.fault.object === undefined ? '/' : problem.fault.object.value,
        },
      };
    case 'certificate':
      return problem.expected === null
        ? {
            status: 'untrusted',
            code: 'certificate_not_trusted',
            params: { url, sha256: problem.actual ?? '-', subject: problem.caProblem ?? '-' },
          }
        : {
            status: 'untrusted',
            code: 'certificate_changed',
            params: { url, expected: problem.expected, actual: problem.actual ?? '-' },
          };
    case 'connection':
      return { status: 'unreachable', code: 'unreachable', params: { url, cause: problem.code } };
    case 'unavailable':
      return { status: 'unreachable', code: 'unreachable', params: { url, cause: `HTTP ${problem.status}` } };
    case 'timeout':
      return { status: 'unreachable', code: 'unreachable', params: { url, cause: error.message } };
    case 'not-vsphere':
    case 'invalid-url':
      return { status: 'failed', code: 'not_a_vcenter', params: { url, cause: error.message } };
    case 'cut-off':
    case 'malformed':
    case 'too-large':
    case 'fault':
      return { status: 'failed', code: 'reply_unusable', params: { url, cause: error.message } };
    case 'aborted':
      return null;
  }
}
