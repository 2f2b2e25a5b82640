import { managedTypes } from '../../src/managed-types.ts';
import { responses } from '../../src/methods.ts';
import { dataTypes, requests } from '../../src/request-types.ts';
import type { Shape } from '../../src/shape.ts';

/** Which published descriptions the tests need; the input of `scripts/extract-published-types.py`. */
export interface WantedTypes {
  managedTypes: Record<string, string[]>;
  methods: string[];
  requestTypes: string[];
  /** Names of all fields that any shape reads. */
  fieldNames: string[];
  /** Types that shapes tell apart. */
  caseNames: string[];
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
    for (const [name, object] of shape.cases) {
      caseNames.add(name);
      visit(object, fieldNames, caseNames);
    }
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
  };
}
