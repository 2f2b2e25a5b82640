import type { MoRef } from './moref.ts';

/**
 * A shape says which parts of an XML value are wanted and what they become. Whatever a shape does not name is skipped
 * without being built. The type parameter is what the decoder returns for it; it exists for the compiler alone.
 */
export interface LeafShape<T> {
  readonly kind: 'text' | 'word' | 'integer' | 'boolean' | 'moref';
  readonly type?: T;
}

export interface ListShape<T> {
  readonly kind: 'list';
  readonly item: Shape<unknown>;
  readonly type?: T;
}

export interface ObjectShape<T> {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Shape<unknown>>;
  /** Lists of the object: they are there, empty, when the server sends no element. */
  readonly lists: readonly string[];
  /** Fields that the published schema requires and that a consumer cannot do without. */
  readonly required: readonly string[];
  /** Whether the object's own type is named in `$type`, or as that of an `OtherType`. */
  readonly typed: 'no' | 'own' | 'other';
  /** Item types that are dropped unread. */
  readonly dropped: ReadonlySet<string> | null;
  /** Items for which this is false are dropped after reading. */
  readonly keep: ((value: Readonly<Record<string, unknown>>) => boolean) | null;
  readonly type?: T;
}

export interface VariantShape<T> {
  readonly kind: 'variant';
  readonly cases: ReadonlyMap<string, ObjectShape<unknown>>;
  /** For types that are none of the cases. */
  readonly other: ObjectShape<unknown>;
  readonly type?: T;
}

export type Shape<T> = LeafShape<T> | ListShape<T> | ObjectShape<T> | VariantShape<T>;

/** The type that the decoder returns for a shape. */
export type Decoded<S> = S extends Shape<infer T> ? T : never;

/** Whether a decoded value is what its shape says, as far as the outermost level shows. */
export function conforms<S extends Shape<unknown>>(shape: S, value: unknown): value is Decoded<S> {
  switch (shape.kind) {
    case 'text':
    case 'word':
      return typeof value === 'string';
    case 'integer':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'moref':
    case 'object':
    case 'variant':
      return typeof value === 'object' && value !== null;
    default:
      return false;
  }
}

interface Required<T> {
  readonly required: Shape<T>;
}

export type Fields = Readonly<Record<string, Shape<unknown> | Required<unknown>>>;

type ListKeys<F extends Fields> = { [K in keyof F]: F[K] extends ListShape<unknown> ? K : never }[keyof F];
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K] extends Required<unknown> ? K : never }[keyof F];
type OptionalKeys<F extends Fields> = Exclude<keyof F, ListKeys<F> | RequiredKeys<F>>;
type FieldType<S> = S extends Required<infer T> ? T : Decoded<S>;
type Flat<T> = { [K in keyof T]: T[K] };

/** Lists are always there, other fields only when the server sent them, unless required. */
export type ObjectOf<F extends Fields> = Flat<
  { [K in ListKeys<F> | RequiredKeys<F>]: FieldType<F[K]> } & { [K in OptionalKeys<F>]?: FieldType<F[K]> }
>;

/** `$type` of a value whose type is none of the cases; its name is then in `typeName`. */
export interface OtherType {
  $type: 'other';
  typeName: string;
}

type VariantOf<C extends Readonly<Record<string, Fields>>, O extends Fields> =
  | { [K in keyof C]: Flat<{ $type: K } & ObjectOf<C[K]>> }[keyof C]
  | Flat<OtherType & ObjectOf<O>>;

/** Free text; every value its own string. */
export const text: LeafShape<string> = { kind: 'text' };
/** Text out of a small set (enumeration values, keys, names of switches): equal values share one string. */
export const word: LeafShape<string> = { kind: 'word' };
/** `xsd:int`, `xsd:short`, `xsd:byte`, and `xsd:long` up to 2^53. */
export const integer: LeafShape<number> = { kind: 'integer' };
export const boolean: LeafShape<boolean> = { kind: 'boolean' };
/** `xsd:dateTime` as sent, e.g. `2026-11-22T10:00:00.000Z`. */
export const dateTime: LeafShape<string> = { kind: 'text' };
export const moref: LeafShape<MoRef> = { kind: 'moref' };

export function list<T>(item: Shape<T>): ListShape<T[]> {
  return { kind: 'list', item };
}

/** Marks a field without which an object is refused as malformed: only where the published schema requires it. */
export function required<T>(shape: Shape<T>): Required<T> {
  return { required: shape };
}

interface Extras {
  typed?: ObjectShape<unknown>['typed'];
  dropped?: readonly string[];
  keep?: (value: Readonly<Record<string, unknown>>) => boolean;
}

function build<T>(fields: Fields, extras: Extras): ObjectShape<T> {
  const shapes = new Map<string, Shape<unknown>>();
  const needed: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if ('required' in field && !('kind' in field)) {
      needed.push(name);
      shapes.set(name, field.required);
    } else {
      shapes.set(name, field);
    }
  }
  return {
    kind: 'object',
    fields: shapes,
    lists: [...shapes].filter(([, shape]) => shape.kind === 'list').map(([name]) => name),
    required: needed,
    typed: extras.typed ?? 'no',
    dropped: extras.dropped === undefined ? null : new Set(extras.dropped),
    keep: extras.keep ?? null,
  };
}

/** A data object of which these fields are wanted, whatever its `xsi:type`. */
export function object<const F extends Fields>(fields: F): ObjectShape<ObjectOf<F>> {
  return build(fields, {});
}

/** As `object`, and its own type's name (`xsi:type` without prefix, `''` if not sent) is kept in `$type`. */
export function typedObject<const F extends Fields>(
  fields: F,
  extras: Omit<Extras, 'typed'> = {},
): ObjectShape<Flat<{ $type: string } & ObjectOf<F>>> {
  return build(fields, { ...extras, typed: 'own' });
}

/**
 * A polymorphic value: the fields depend on its `xsi:type`, which is kept in `$type`.
 * @param otherFields fields that types have which are none of the cases
 */
export function variant<const C extends Readonly<Record<string, Fields>>, const O extends Fields>(
  cases: C,
  otherFields?: O,
): VariantShape<VariantOf<C, O>> {
  const built = new Map<string, ObjectShape<unknown>>();
  for (const [name, fields] of Object.entries(cases)) {
    built.set(name, build(fields, { typed: 'own' }));
  }
  return { kind: 'variant', cases: built, other: build(otherFields ?? {}, { typed: 'other' }) };
}
