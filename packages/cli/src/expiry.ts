import type { Option } from 'commander';
import type { Translate } from '@wirebook/contract';
import { WrongUsage } from './failures.ts';
import { duration, option, text, type Options } from './options.ts';

/** RFC 3339 has four digits for a year. */
const LAST = Date.UTC(9999, 11, 31);

/** `--for` and `--until`, of which one can be given. */
export function expiryOptions(t: Translate): Option[] {
  return [option(t, '--for <duration>').conflicts('until'), option(t, '--until <time>', 'untilTime')];
}

/** When what is asked for ends by itself, in UTC; null for never (`--until none`), undefined where nothing is said of it. */
export function readExpiry(options: Options, t: Translate): string | null | undefined {
  const seconds = duration(options, 'for', t);
  if (seconds !== undefined) {
    const end = Date.now() + seconds * 1000;
    if (end > LAST)
      throw new WrongUsage(t('cli.usage.duration', { option: 'for', value: text(options, 'for') }));
    return new Date(end).toISOString();
  }
  const value = text(options, 'until');
  if (value === undefined) return undefined;
  if (value === 'none') return null;
  const time = readTime(value);
  if (time === null) throw new WrongUsage(t('cli.usage.time', { value }));
  return time.toISOString();
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

/** A time with its offset (RFC 3339), or one of this machine's zone as tables show it. A day by itself lasts to its end. */
function readTime(value: string): Date | null {
  const [all, year, month, day, hour, minute, second, zone] = TIME.exec(value.trim()) ?? [];
  if (all === undefined) return null;
  const whole = hour === undefined;
  const fields = [year, month, day, hour, minute, second].map((digits) => Number(digits ?? 0));
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = fields;
  // What a calendar does not have, such as 30 February, would be taken for a day of the next month.
  const shown = new Date(Date.UTC(y, m - 1, d, h, min, s)).toISOString();
  const typed = [y, m, d, h, min, s].map((field) => String(field).padStart(2, '0'));
  if (shown.replace(/\D/g, '').slice(0, 14) !== typed.join('').padStart(14, '0')) return null;
  if (zone === undefined) return new Date(y, m - 1, whole ? d + 1 : d, h, min, s);
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return new Date(Date.UTC(y, m - 1, d, h, min - offset, s));
}
