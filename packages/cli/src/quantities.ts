import { WrongUsage } from './failures.ts';
import { text, type Options } from './options.ts';
import type { Session } from './session.ts';

/** Powers of 1024, counted from the mebibyte; vCenter's own MB and GB are those too. */
const UNITS: Readonly<Record<string, number>> = { m: 1, g: 1024, t: 1024 ** 2 };

/** `4096`, `4G`, `4GiB`, `1.5T` in MiB; a bare number is MiB. */
export function memorySize(session: Session, options: Options, name: string): number | undefined {
  return sizeIn(session, options, name, 'm');
}

/** `40`, `40G`, `1T` in GiB; a bare number is GiB. */
export function diskSize(session: Session, options: Options, name: string): number | undefined {
  return sizeIn(session, options, name, 'g');
}

function sizeIn(session: Session, options: Options, name: string, unit: 'm' | 'g'): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  const [, digits = '', prefix = unit] =
    /^(\d{1,9}(?:\.\d{1,6})?)\s*(?:([mgt])(?:i?b)?)?$/i.exec(value) ?? [];
  const size = (Number(digits) * (UNITS[prefix.toLowerCase()] ?? 1)) / (UNITS[unit] ?? 1);
  if (digits === '' || !Number.isInteger(size))
    throw new WrongUsage(session.t(unit === 'm' ? 'cli.usage.memory' : 'cli.usage.disk', { value }));
  return size;
}
