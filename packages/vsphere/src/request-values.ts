import type { MoRef } from './moref.ts';
import type { dataTypes, derivedTypes, requests } from './request-types.ts';

/** The types of values to send, made out of `request-types.ts`. */

export type DataTypeName = keyof typeof dataTypes;
export type BaseTypeName = keyof typeof derivedTypes;
export type RequestName = keyof typeof requests;

type Scalar<S> = S extends 'string' | 'dateTime' | 'anyType'
  ? string
  : S extends 'int' | 'long'
    ? number
    : S extends 'boolean'
      ? boolean
      : S extends 'MoRef'
        ? MoRef
        : S extends DataTypeName | BaseTypeName
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

type Derived<K> = K extends BaseTypeName ? (typeof derivedTypes)[K][number] : never;
type Own<K> = K extends DataTypeName ? Values<(typeof dataTypes)[K]> : never;

/** A data object to send, or one of a derived type, which then names itself in `$type`. */
export type DataValue<K extends DataTypeName | BaseTypeName> =
  | Own<K>
  | { [D in Derived<K>]: { $type: D } & Values<(typeof dataTypes)[D]> }[Derived<K>];

export type RequestArguments<R extends RequestName> = Values<(typeof requests)[R]>;
