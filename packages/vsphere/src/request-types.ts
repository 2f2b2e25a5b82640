import type { MoRef } from './moref.ts';

/**
 * What this client sends: the elements of each data object and of each method's request, in the order of the published
 * schema, inherited ones first. A vCenter refuses a request whose elements stand in another order. `?` is optional,
 * `[]` repeated (also not at all). This is the one place where that order is kept; the writer follows it.
 */
export const dataTypes = {
  SelectionSpec: { name: 'string?' },
  TraversalSpec: {
    name: 'string?',
    type: 'string',
    path: 'string',
    skip: 'boolean?',
    selectSet: 'SelectionSpec[]',
  },
  PropertySpec: { type: 'string', all: 'boolean?', pathSet: 'string[]' },
  ObjectSpec: { obj: 'MoRef', skip: 'boolean?', selectSet: 'SelectionSpec[]' },
  PropertyFilterSpec: {
    propSet: 'PropertySpec[]',
    objectSet: 'ObjectSpec[]',
    reportMissingObjectsInResults: 'boolean?',
  },
  RetrieveOptions: { maxObjects: 'int?' },
} as const;

/** Requests by method; the target (`_this`) comes before these. */
export const requests = {
  RetrieveServiceContent: {},
  Login: { userName: 'string', password: 'string', locale: 'string?' },
  Logout: {},
  CurrentTime: {},
  CreateContainerView: { container: 'MoRef', type: 'string[]', recursive: 'boolean' },
  DestroyView: {},
  RetrievePropertiesEx: { specSet: 'PropertyFilterSpec[]', options: 'RetrieveOptions' },
  ContinueRetrievePropertiesEx: { token: 'string' },
  CancelRetrievePropertiesEx: { token: 'string' },
  QueryNetworkHint: { device: 'string[]' },
} as const;

/** Types that may stand where another is declared; they are sent with `xsi:type`. */
export const derivedTypes = { SelectionSpec: ['TraversalSpec'] } as const;

export type DataTypeName = keyof typeof dataTypes;
export type RequestName = keyof typeof requests;

type Scalar<S> = S extends 'string'
  ? string
  : S extends 'int'
    ? number
    : S extends 'boolean'
      ? boolean
      : S extends 'MoRef'
        ? MoRef
        : S extends DataTypeName
          ? DataValue<S>
          : never;
type Value<S> = S extends `${infer B}[]`
  ? readonly Scalar<B>[]
  : S extends `${infer B}?`
    ? Scalar<B>
    : Scalar<S>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends `${string}?` | `${string}[]` ? K : never }[keyof F];
type Values<F> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Value<F[K]> } & {
  [K in OptionalKeys<F>]?: Value<F[K]>;
};

type Derived<K extends DataTypeName> = K extends keyof typeof derivedTypes
  ? (typeof derivedTypes)[K][number]
  : never;

/** A data object to send, or one of a derived type, which then names itself in `$type`. */
export type DataValue<K extends DataTypeName> =
  | Values<(typeof dataTypes)[K]>
  | { [D in Derived<K>]: { $type: D } & Values<(typeof dataTypes)[D]> }[Derived<K>];

export type RequestArguments<R extends RequestName> = Values<(typeof requests)[R]>;
