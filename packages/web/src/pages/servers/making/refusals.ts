import { Refused, type Schemas } from '../../../api.ts';

/** What is wrong with a field of the form, in the controller's words. */
export interface FieldRefusal {
  readonly field: string;
  readonly text: string;
  readonly remedy: string;
}

/** Where in the form the refusals belong that name no field of the request. */
const fieldOfCode: Partial<Record<string, string>> = {
  source_unusable: 'from',
  account_disabled: 'from',
  name_taken_in_vcenter: 'name',
  setup_unfit: 'setup',
  tag_unknown: 'nics',
  network_full: 'nics',
  gives_nothing: 'nics',
  address_not_free: 'nics',
  address_outside_network: 'nics',
  no_host_fits: 'hosts',
};

/** Whether a refusal stands beside a field of the form, with what to do about it. */
export function hasField(code: string): boolean {
  const field = fieldOfCode[code];
  return field !== undefined && field !== 'hosts';
}

/** A refused request, field by field; empty where it belongs to none. */
export function refusalsOf(error: unknown): readonly FieldRefusal[] {
  if (!(error instanceof Refused)) return [];
  const { code, detail, remedy, errors = [] } = error.problem;
  if (code === 'invalid_input')
    return errors.map(({ field, message }) => ({ field: formField(field), text: message, remedy: '' }));
  const field = fieldOfCode[code];
  return field === undefined ? [] : [{ field, text: detail, remedy }];
}

/** What stands in the way by the dry run, field by field. */
export function hindrancesOf(plan: Schemas['ServerPlan'] | null): readonly FieldRefusal[] {
  return (plan?.problems ?? []).map(({ code, text, remedy }) => ({
    field: fieldOfCode[code] ?? '',
    text,
    remedy,
  }));
}

/** Several keys stand in one field; what is asked in other units there has another name here. */
function formField(field: string): string {
  if (field.startsWith('sshKeys')) return 'sshKeys';
  if (field === 'memoryMib') return 'memoryGib';
  return field === 'waitSeconds' ? 'waitMinutes' : field;
}
