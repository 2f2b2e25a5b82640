import { Option } from 'commander';
import type { Translate } from '@wirebook/contract';
import { WrongUsage } from './failures.ts';

/** The options of one call, by name in camel case. */
export type Options = Readonly<Record<string, unknown>>;

/** An option whose text is the catalogue's `cli.option.<key>`; the key is the option's own name unless given. */
export function option(t: Translate, flags: string, key?: string): Option {
  const made = new Option(flags);
  made.description = t(`cli.option.${key ?? made.attributeName()}`);
  return made;
}

export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function isSet(options: Options, name: string): boolean {
  return options[name] === true;
}

/** The values of a repeatable option; undefined where it was not given, empty where it was given without any. */
export function texts(options: Options, name: string): string[] | undefined {
  const value = options[name];
  if (value === true) return [];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

/** One of the values given; commander has refused any other already. */
export function choice<const Value extends string>(
  options: Options,
  name: string,
  values: readonly Value[],
): Value | undefined {
  return values.find((value) => value === options[name]);
}

export function wholeNumber(options: Options, name: string, t: Translate): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new WrongUsage(t('cli.usage.wholeNumber', { option: name, value }));
  return Number(value);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** `90`, `90s`, `15m`, `2h` or `1d` in seconds. */
export function duration(options: Options, name: string, t: Translate): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  const [, digits = '', unit = 's'] = /^(\d{1,8})([smhd])?$/.exec(value) ?? [];
  if (digits === '') throw new WrongUsage(t('cli.usage.duration', { option: name, value }));
  return Number(digits) * (SECONDS[unit] ?? 1);
}

/** `none` takes a setting away. */
export function textOrNone(options: Options, name: string): string | null | undefined {
  const value = text(options, name);
  return value === 'none' ? null : value;
}

/** As {@link texts}, with `none` for none. */
export function textsOrNone(options: Options, name: string): string[] | undefined {
  const values = texts(options, name)
    ?.flatMap((value) => value.split(','))
    .filter((value) => value !== '');
  return values?.length === 1 && values[0] === 'none' ? [] : values;
}

/** A flag as a query parameter: `true`, or nothing. */
export function flagQuery(options: Options, name: string): 'true' | undefined {
  return isSet(options, name) ? 'true' : undefined;
}

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what was not given. */
export function given<T extends object>(object: T): Given<T>;
export function given(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
