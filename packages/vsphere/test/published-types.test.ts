import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { managedTypes } from '../src/managed-types.ts';
import { responses } from '../src/methods.ts';
import { privileges } from '../src/privileges.ts';
import { dataTypes, derivedTypes, requests } from '../src/request-types.ts';
import type { ObjectShape, Shape } from '../src/shape.ts';
import { wantedTypes } from './support/wanted-types.ts';

interface DataType {
  base: string | null;
  /** Type by field name, inherited ones too; `?` optional, `[]` repeated. */
  fields: Record<string, string>;
}

interface Published {
  managedTypes: Record<string, Record<string, string>>;
  methods: Record<string, { parameters: [string, string][]; returns: string; privilege: string | null }>;
  requestTypes: Record<string, [string, string][]>;
  /** Of each type that is sent, those that it derives from. */
  baseTypes: Record<string, string[]>;
  dataTypes: Record<string, DataType>;
}

// Made by scripts/extract-published-types.py.
const file = new URL('testdata/published-types.json', import.meta.url);
const published: Published = JSON.parse(readFileSync(file, 'utf8'));

/** How a field of ours would be declared by the publisher. */
function ours(declared: string): string {
  return declared.replace(/\[\]$|\?$/, '');
}

function theirs(declared: string): string {
  return declared.replace(/\?$/, '').replace(/\[\]$/, '');
}

function derivesFrom(name: string, ancestor: string): boolean {
  const type = published.dataTypes[name];
  return name === ancestor || (type?.base !== null && type !== undefined && derivesFrom(type.base, ancestor));
}

/** The declared type of a field, looked for in a type and in those that derive from it; optional if in one of them. */
function fieldType(type: string, name: string): string | undefined {
  const family = Object.keys(published.dataTypes).filter((candidate) => derivesFrom(candidate, type));
  const found = new Set(family.flatMap((candidate) => published.dataTypes[candidate]?.fields[name] ?? []));
  const alike = new Set([...found].map((declared) => declared.replace(/\?$/, '')));
  return alike.size === 1 ? [...found].toSorted((a, b) => b.length - a.length)[0] : undefined;
}

const numbers: ReadonlySet<string> = new Set(['int', 'long', 'short', 'byte']);

/** What speaks against a shape being that of a published type; empty when it fits. */
function misfits(shape: Shape<unknown>, declared: string, path: string): string[] {
  const type = theirs(declared);
  const isList = declared.replace(/\?$/, '').endsWith('[]');
  if (shape.kind === 'list') {
    return isList ? misfits(shape.item, type, path) : [`${path} is no list but ${declared}`];
  }
  if (isList) {
    return [`${path} is a list: ${declared}`];
  }
  const fits = (fit: boolean): string[] => (fit ? [] : [`${path} is ${declared}, not ${shape.kind}`]);
  switch (shape.kind) {
    case 'text':
    case 'word':
      return fits(type === 'string' || type === 'dateTime' || type === 'anyType');
    case 'integer':
      return fits(numbers.has(type));
    case 'boolean':
      return fits(type === 'boolean');
    case 'moref':
      return fits(type === 'MoRef' || type === 'anyType');
    case 'object':
      return objectMisfits(shape, type, path);
    case 'variant':
      return [
        ...objectMisfits(shape.other, type, path),
        ...[...shape.cases].flatMap(([name, object]) =>
          derivesFrom(name, type) ? objectMisfits(object, name, path) : [`${path}: ${name} is no ${type}`],
        ),
      ];
  }
  return [];
}

function objectMisfits(shape: ObjectShape<unknown>, type: string, path: string): string[] {
  if (published.dataTypes[type] === undefined) {
    return [`${path} is ${type}, no data object`];
  }
  return [...shape.fields].flatMap(([name, field]) => {
    const declared = fieldType(type, name);
    if (declared === undefined) {
      return [`${path}.${name} is not in ${type}`];
    }
    const optional =
      shape.required.includes(name) && declared.endsWith('?') ? [`${path}.${name} is optional`] : [];
    return [...misfits(field, declared, `${path}.${name}`), ...optional];
  });
}

/** Ours are among theirs, in their order and of their types, and none lacks that they require. */
function expectOrder(fields: Readonly<Record<string, string>>, order: readonly [string, string][]): void {
  const kept = order.filter(([field]) => field in fields);
  expect(Object.entries(fields).map(([field, type]) => [field, ours(type)])).toEqual(
    kept.map(([field, type]) => [field, theirs(type)]),
  );
  const needed = order.filter(([, type]) => !type.endsWith('?')).map(([field]) => field);
  expect(Object.keys(fields)).toEqual(expect.arrayContaining(needed));
  for (const [field, type] of Object.entries(fields)) {
    const declared = order.find(([known]) => known === field)?.[1] ?? '';
    expect([field, type.endsWith('[]')]).toEqual([field, declared.replace(/\?$/, '').endsWith('[]')]);
    if (type.endsWith('?')) {
      expect([field, declared.endsWith('?')]).toEqual([field, true]);
    }
  }
}

describe('what is sent', () => {
  it.each(Object.entries(dataTypes))('has the elements of %s in the published order', (name, fields) => {
    expectOrder(fields, published.requestTypes[name] ?? []);
  });

  it.each(Object.entries(requests))('has the parameters of %s in the published order', (name, fields) => {
    expectOrder(fields, published.methods[name]?.parameters ?? []);
  });

  it.each(Object.entries(derivedTypes))('takes for a %s only what derives from it', (base, names) => {
    expect(names.filter((name) => !published.baseTypes[name]?.includes(base))).toEqual([]);
  });
});

describe('privileges', () => {
  const tableOf = (method: string): string[] =>
    privileges.filter(({ methods }) => methods.some((one) => one === method)).map((one) => one.privilege);
  // Not used by what is printed; their privileges are not asked for.
  const unused: ReadonlySet<string> = new Set(['UnregisterVM']);

  it.each(Object.entries(published.methods).filter(([name]) => !unused.has(name)))(
    'that %s needs are in the table',
    (name, { privilege }) => {
      if (privilege === null) {
        // It depends on what is asked for: the table says.
        expect(tableOf(name)).not.toEqual([]);
      } else if (privilege !== '') {
        expect(tableOf(name)).toContain(privilege);
      }
    },
  );

  it('are named once for each object, those of reading being the role Read-only', () => {
    const named = privileges.map(({ privilege, object }) => `${privilege} ${object}`);
    expect(new Set(named).size).toBe(named.length);
    const read = privileges.filter(({ purposes }) => purposes.includes('read'));
    expect(read.map(({ privilege, object }) => [privilege, object])).toEqual([
      ['System.Anonymous', 'root'],
      ['System.View', 'root'],
      ['System.Read', 'root'],
    ]);
  });
});

describe('what is read', () => {
  it.each(Object.entries(managedTypes))('fits the published %s', (name, paths) => {
    const found = Object.entries<Shape<unknown>>(paths).flatMap(([path, shape]) => {
      const [first = '', ...rest] = path.split('.');
      let declared = published.managedTypes[name]?.[first];
      for (const part of rest) {
        declared = declared === undefined ? undefined : fieldType(theirs(declared), part);
      }
      return declared === undefined ? [`${path} is unknown`] : misfits(shape, declared, path);
    });
    expect(found).toEqual([]);
  });

  it.each(Object.entries<ObjectShape<unknown>>(responses))('fits what %s returns', (name, shape) => {
    const returned = shape.fields.get('returnval');
    const declared = published.methods[name]?.returns ?? '';
    // Optional in the schema of ServiceContent, but there since API 2.5.
    const sinceLongAgo = ['returnval.viewManager is optional', 'returnval.sessionManager is optional'];
    const found = returned === undefined ? [] : misfits(returned, declared, 'returnval');
    expect(found.filter((misfit) => !sinceLongAgo.includes(misfit))).toEqual([]);
  });

  it('is told apart from what does not fit', () => {
    const shape = managedTypes.VirtualMachine['guest.net'];
    expect(misfits(shape, 'GuestStackInfo[]', 'x')).toContain('x.macAddress is not in GuestStackInfo');
    expect(misfits(shape, 'GuestNicInfo', 'x')).toEqual(['x is no list but GuestNicInfo']);
  });

  it('is all described in the extract', () => {
    const wanted = wantedTypes();
    expect(Object.keys(published.methods).toSorted()).toEqual(wanted.methods.toSorted());
    expect(Object.keys(published.requestTypes).toSorted()).toEqual(wanted.requestTypes.toSorted());
  });
});
