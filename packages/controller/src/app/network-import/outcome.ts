import type { ImportedNetwork } from '@wirebook/contract';
import { sortUses } from '../../domain/book-wires.ts';
import type { RowPlan } from '../../domain/network-import.ts';
import type { StoredUse } from '../../store/network-import.ts';
import type { VlanValue } from '../../store/tables.ts';
import type { ReadRow } from './input.ts';
import { type FieldError, quoted } from '../problem.ts';

/** A sentence of the catalogue: of `fields` what is wrong, of `imports` what else is to be said. */
export interface Said {
  readonly section: 'fields' | 'imports';
  readonly code: string;
  readonly params: Record<string, string | number>;
}

export type StoredImportedNetwork = Omit<ImportedNetwork, 'text'> & { said: readonly Said[] };

/** What a row comes to, before anything is written. */
export interface RowOutcome {
  readonly row: ReadRow;
  readonly plan: RowPlan | undefined;
  readonly outcome: ImportedNetwork['outcome'];
  readonly complaints: readonly FieldError[];
  readonly item: Pick<
    StoredImportedNetwork,
    'line' | 'name' | 'start' | 'end' | 'wire' | 'fits' | 'tie' | 'differences' | 'said'
  >;
}

const FITS_SHOWN = 20;
/** How many wires a sentence names. */
const WIRES_SAID = 5;

export function outcomeOf(
  row: ReadRow,
  about: {
    plan: RowPlan | undefined;
    unreadable: readonly FieldError[];
    uses: readonly StoredUse[];
  },
): RowOutcome {
  const { plan, unreadable, uses } = about;
  const complaints = [...unreadable, ...complaintsOf(row, plan, uses)];
  const fits = plan?.kind === 'create' ? plan.fits : [];
  return {
    row,
    plan,
    outcome: plan === undefined ? 'refused' : nameOf(plan),
    complaints,
    item: {
      line: row.line,
      name: row.cells.name,
      start: row.cells.start,
      end: row.cells.end,
      wire: wireOf(plan),
      fits: fits.slice(0, FITS_SHOWN).map(({ wire, nics }) => ({ wire: refOf(wire), nics })),
      tie: plan?.kind === 'create' && plan.tie,
      differences: plan?.kind === 'standing' ? [...plan.differences] : [],
      said: [
        ...complaints.map(({ code, params }): Said => ({ section: 'fields', code, params: params ?? {} })),
        ...remarksOn(plan, uses),
      ],
    },
  };
}

function nameOf(plan: RowPlan): ImportedNetwork['outcome'] {
  switch (plan.kind) {
    case 'create':
      return 'created';
    case 'standing':
      if (plan.differences.length > 0) return 'differs';
      return plan.fills.gateway !== null || plan.fills.dns.length > 0 ? 'updated' : 'unchanged';
    case 'unfit':
    case 'refused':
      return plan.kind;
  }
}

function wireOf(plan: RowPlan | undefined): ImportedNetwork['wire'] {
  if (plan?.kind === 'create') return refOf(plan.wire);
  const [primary] = plan?.kind === 'standing' ? plan.network.wires : [];
  return primary === undefined ? null : refOf(primary);
}

function refOf({ id, name }: { id: string; name: string }): { id: string; name: string } {
  return { id, name };
}

function complaintsOf(row: ReadRow, plan: RowPlan | undefined, uses: readonly StoredUse[]): FieldError[] {
  const at = (field: 'name' | 'start' | 'vlan'): Pick<FieldError, 'field' | 'value' | 'line'> => ({
    field: `rows[${row.index}].${field}`,
    value: row.cells[field],
    line: row.line,
  });
  if (plan?.kind === 'refused') return [{ ...at(plan.field), code: plan.code, params: plan.params }];
  if (plan?.kind !== 'unfit' || row.book === null) return [];
  const { vlan, switch: switchName, name, cidr } = row.book;
  const used = sortUses(uses);
  const [most] = used;
  const kind = most !== undefined ? '_used' : plan.switches.length > 0 ? '_elsewhere' : '';
  return [
    {
      ...at('vlan'),
      code: `import_no_wire${kind}`,
      params: {
        vlan,
        switch: switchName ?? '-',
        context: switchName === null ? '' : 'switch',
        switches: plan.switches.join(', '),
        wires: tellUses(used),
        nameQuoted: quoted(name),
        wireQuoted: most?.wire.id ?? '-',
        start: row.cells.start,
        end: row.cells.end,
        prefix: cidr.split('/')[1] ?? '-',
      },
    },
  ];
}

function tellUses(uses: readonly StoredUse[]): string {
  return uses
    .slice(0, WIRES_SAID)
    .map((use) => `${use.wire.name} (VLAN ${vlanText(use.vlan)}) ×${use.nics}`)
    .join(', ');
}

/** `120`, `0` where frames carry no tag, the ranges of a trunk, primary and secondary id of a private VLAN. */
function vlanText(vlan: VlanValue): string {
  switch (vlan.kind) {
    case 'none':
      return '0';
    case 'id':
      return String(vlan.id);
    case 'trunk':
      return vlan.ranges.map(({ start, end }) => (start === end ? `${start}` : `${start}-${end}`)).join(',');
    case 'private':
      return `${vlan.primaryId ?? '?'}/${vlan.id ?? '?'}`;
  }
}

function remarksOn(plan: RowPlan | undefined, uses: readonly StoredUse[]): Said[] {
  if (plan?.kind === 'create') return [...remarksOnUse(plan, uses), ...remarksOnChoice(plan)];
  if (plan?.kind !== 'standing') return [];
  const { fills, differences } = plan;
  const filled = [...(fills.gateway === null ? [] : ['gateway']), ...(fills.dns.length === 0 ? [] : ['dns'])];
  return [
    ...(filled.length === 0
      ? []
      : [{ section: 'imports' as const, code: 'filled', params: { fields: filled.join(', ') } }]),
    ...differences.map(({ field, listed, stands }): Said => ({
      section: 'imports',
      code: field === 'vlan' ? 'differs_vlan' : 'differs',
      params: { field, listed, stands },
    })),
  ];
}

/** A VLAN id that is mistyped may be another wire's. */
function remarksOnUse({ wire, fits }: RowPlan & { kind: 'create' }, uses: readonly StoredUse[]): Said[] {
  if (uses.length === 0 || fits[0]?.nics !== 0) return [];
  return [
    {
      section: 'imports',
      code: 'used_elsewhere',
      params: { wire: wire.name, wires: tellUses(sortUses(uses)) },
    },
  ];
}

function remarksOnChoice({ wire, fits, tie }: RowPlan & { kind: 'create' }): Said[] {
  if (fits.length < 2) return [];
  const wires = fits.slice(0, WIRES_SAID).map((fit) => `${fit.wire.name} ×${fit.nics}`);
  if (fits.length > WIRES_SAID) wires.push('…');
  const params = { wire: wire.name, wires: wires.join(', ') };
  return [{ section: 'imports', code: tie ? 'tie' : 'most_used', params }];
}
