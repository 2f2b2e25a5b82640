import { managedTypes } from '../../src/managed-types.ts';
import { responses } from '../../src/methods.ts';
import { dataTypes, requests } from '../../src/request-types.ts';
import type { Shape } from '../../src/shape.ts';
import { event } from '../../src/shapes/event.ts';
import { methodFault } from '../../src/shapes/fault.ts';

/** Which published descriptions the tests need; the input of `scripts/extract-published-types.py`. */
export interface WantedTypes {
  managedTypes: Record<string, string[]>;
  methods: string[];
  requestTypes: string[];
  /** Names of all fields that any shape reads. */
  fieldNames: string[];
  /** Types that shapes tell apart. */
  caseNames: string[];
  /** By root of a family with hundreds of members: the fields that are read of any of them. */
  families: Record<string, string[]>;
}

function visit(shape: Shape<unknown>, fieldNames: Set<string>, caseNames: Set<string>): void {
  if (shape.kind === 'list') {
    visit(shape.item, fieldNames, caseNames);
  } else if (shape.kind === 'object') {
    for (const [name, field] of shape.fields) {
      fieldNames.add(name);
      visit(field, fieldNames, caseNames);
    }
  } else if (shape.kind === 'variant') {
    visit(shape.other, fieldNames, caseNames);
    for (const [name, object] of shape.cases) {
      caseNames.add(name);
      visit(object, fieldNames, caseNames);
    }
  }
}

/** Names of the fields of an object, or of any case of a variant. */
function fieldsOf(shape: Shape<unknown>): string[] {
  switch (shape.kind) {
    case 'object':
      return [...shape.fields.keys()];
    case 'variant':
      return [...new Set([shape.other, ...shape.cases.values()].flatMap(fieldsOf))];
    default:
      return [];
  }
}

export function wantedTypes(): WantedTypes {
  const fieldNames = new Set<string>();
  const caseNames = new Set<string>();
  for (const shapes of [...Object.values(managedTypes), responses]) {
    for (const shape of Object.values<Shape<unknown>>(shapes)) {
      visit(shape, fieldNames, caseNames);
    }
  }
  return {
    managedTypes: Object.fromEntries(
      Object.entries(managedTypes).map(([name, paths]) => [name, Object.keys(paths)]),
    ),
    methods: Object.keys(requests),
    requestTypes: Object.keys(dataTypes),
    fieldNames: [...fieldNames].toSorted(),
    caseNames: [...caseNames].toSorted(),
    families: { Event: fieldsOf(event), MethodFault: fieldsOf(methodFault) },
  };
}
