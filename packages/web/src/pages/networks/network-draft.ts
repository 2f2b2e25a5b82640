import type { Schemas } from '../../api.ts';

type Network = Schemas['Network'];
type Policy = Network['allocationPolicy'];
export const policies: readonly Policy[] = ['stepup', 'stepdown', 'random'];

/** What stands in the form: text, as it is typed. */
export interface NetworkDraft {
  readonly name: string;
  readonly wire: string;
  readonly by: 'cidr' | 'range';
  readonly cidr: string;
  readonly start: string;
  readonly end: string;
  readonly prefixLength: string;
  readonly gateway: string;
  readonly dns: string;
  readonly domain: string;
  readonly ntp: string;
  readonly allocationPolicy: Policy;
  readonly restingMinutes: string;
  readonly description: string;
  readonly tags: string;
  readonly giving: 'all' | 'none' | 'ranges';
  readonly ranges: string;
  readonly companion: string;
}

export const emptyDraft: NetworkDraft = {
  name: '',
  wire: '',
  by: 'cidr',
  cidr: '',
  start: '',
  end: '',
  prefixLength: '',
  gateway: '',
  dns: '',
  domain: '',
  ntp: '',
  allocationPolicy: 'stepup',
  restingMinutes: '30',
  description: '',
  tags: '',
  giving: 'all',
  ranges: '',
  companion: '',
};

export function draftOf(network: Network): NetworkDraft {
  const { giving, start, end } = network;
  const all = giving.length === 1 && giving[0]?.start === start && giving[0].end === end;
  return {
    name: network.name,
    wire: network.wire.id,
    by: 'range',
    cidr: '',
    start,
    end,
    prefixLength: String(network.prefixLength),
    gateway: network.gateway ?? '',
    dns: network.dns.join('\n'),
    domain: network.domain ?? '',
    ntp: network.ntp.join('\n'),
    allocationPolicy: network.allocationPolicy,
    restingMinutes: String(Math.round(network.restingSeconds / 0.6) / 100),
    description: network.description,
    tags: Object.entries(network.tags)
      .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
      .join('\n'),
    giving: all ? 'all' : giving.length === 0 ? 'none' : 'ranges',
    ranges: all ? '' : giving.map((one) => `${one.start}-${one.end}`).join('\n'),
    companion: network.companion?.id ?? '',
  };
}

const listed = (text: string): string[] => text.split(/[\s,;，；]+/u).filter((part) => part !== '');
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** Every setting of the draft, as the API takes it. */
function settingsOf(draft: NetworkDraft) {
  return {
    gateway: orNull(draft.gateway),
    dns: listed(draft.dns),
    domain: orNull(draft.domain),
    ntp: listed(draft.ntp),
    allocationPolicy: draft.allocationPolicy,
    // Nothing typed is no zero: the controller says that the field wants a number.
    restingSeconds:
      draft.restingMinutes.trim() === '' ? Number.NaN : Math.round(Number(draft.restingMinutes) * 60),
    description: draft.description,
    tags: tagsOf(draft.tags),
    giving:
      draft.giving === 'ranges'
        ? draft.ranges
            .split(/[\n,;，；]+/u)
            .filter((line) => line.trim() !== '')
            .map(readRange)
        : draft.giving,
    companion: orNull(draft.companion),
  };
}

export function createBody(draft: NetworkDraft): Schemas['NewNetworkInput'] {
  return {
    name: draft.name.trim(),
    wire: draft.wire,
    ...(draft.by === 'cidr'
      ? { cidr: draft.cidr.trim() }
      : {
          start: draft.start.trim(),
          end: draft.end.trim(),
          ...(draft.prefixLength.trim() !== '' && { prefixLength: Number(draft.prefixLength) }),
        }),
    ...settingsOf(draft),
  };
}

/** Only what is said otherwise than before: the rest stays whatever it has become in the meantime. */
export function changeBody(before: NetworkDraft, draft: NetworkDraft): Schemas['NetworkChangeInput'] {
  const all: Schemas['NetworkChangeInput'] = {
    name: draft.name.trim(),
    start: draft.start.trim(),
    end: draft.end.trim(),
    prefixLength: Number(draft.prefixLength),
    ...settingsOf(draft),
  };
  const differs = (...fields: (keyof NetworkDraft)[]): boolean =>
    fields.some((field) => before[field] !== draft[field]);
  const fieldsOf: Record<keyof typeof all, readonly (keyof NetworkDraft)[]> = {
    name: ['name'],
    start: ['start'],
    end: ['end'],
    prefixLength: ['prefixLength'],
    gateway: ['gateway'],
    dns: ['dns'],
    domain: ['domain'],
    ntp: ['ntp'],
    allocationPolicy: ['allocationPolicy'],
    restingSeconds: ['restingMinutes'],
    description: ['description'],
    tags: ['tags'],
    giving: ['giving', 'ranges'],
    companion: ['companion'],
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) =>
      differs(...(Object.entries(fieldsOf).find(([field]) => field === name)?.[1] ?? [])),
    ),
  );
}

function readRange(line: string): { start: string; end: string } {
  const [start = '', end = start] = line.split(/[-–—]/u).map((part) => part.trim());
  return { start, end };
}

function tagsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=');
        return at === -1 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
  );
}
