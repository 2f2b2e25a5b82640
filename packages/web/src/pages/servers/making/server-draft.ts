import type { Schemas } from '../../../api.ts';

type CreateServer = Schemas['CreateServerInput'];
export const setupMethods = ['customization', 'cloud_init', 'none'] as const;
export type SetupChoice = 'auto' | (typeof setupMethods)[number];

export interface NicDraft {
  /** Tells the NICs of the form apart while some come and go. */
  readonly key: number;
  readonly by: 'network' | 'tag' | 'wire';
  readonly network: string | undefined;
  readonly tag: string;
  readonly wire: string | undefined;
  readonly ip: string;
  readonly ip6: string;
}

/** A new server as it stands in the form: what is typed, as it is typed. */
export interface ServerDraft {
  readonly name: string;
  readonly from: string | undefined;
  readonly count: string;
  readonly nics: readonly NicDraft[];
  readonly cpus: string;
  readonly memoryGib: string;
  readonly diskGib: string;
  readonly linked: boolean;
  readonly host: string | undefined;
  readonly cluster: string;
  readonly datastore: string;
  readonly resourcePool: string;
  readonly folder: string;
  readonly setup: SetupChoice;
  readonly hostName: string;
  readonly password: string;
  readonly sshKeys: string;
  readonly userData: string;
  readonly powerOn: boolean;
  readonly keepOnFailure: boolean;
  readonly waitMinutes: string;
}

export function emptyNic(key: number, network?: string): NicDraft {
  return { key, by: 'network', network, tag: '', wire: undefined, ip: '', ip6: '' };
}

export function emptyDraft(known: { network: string | undefined; from: string | undefined }): ServerDraft {
  return {
    name: '',
    from: known.from,
    count: '1',
    nics: [emptyNic(1, known.network)],
    cpus: '',
    memoryGib: '',
    diskGib: '',
    linked: false,
    host: undefined,
    cluster: '',
    datastore: '',
    resourcePool: '',
    folder: '',
    setup: 'auto',
    hostName: '',
    password: '',
    sshKeys: '',
    userData: '',
    powerOn: true,
    keepOnFailure: false,
    waitMinutes: '',
  };
}

const numbers = ['count', 'cpus', 'memoryGib', 'diskGib', 'waitMinutes'] as const;
export type NumberField = (typeof numbers)[number];

/** A field that wants a number and has something else in it. */
export function notANumber(draft: ServerDraft): NumberField | null {
  return numbers.find((field) => draft[field].trim() !== '' && !(Number(draft[field]) > 0)) ?? null;
}

/** What is missing before there is anything to look ahead at; a name isn't needed for that. */
export function missingOf({ from, nics }: ServerDraft): 'from' | 'nic' | null {
  if (from === undefined) return 'from';
  const placed = nics.every(({ by, network, tag, wire }) => {
    if (by === 'network') return network !== undefined;
    return by === 'tag' ? tag.trim() !== '' : wire !== undefined;
  });
  return placed ? null : 'nic';
}

export function countOf({ count }: ServerDraft): number {
  return count.trim() === '' ? 1 : Number(count);
}

/** As it is sent. What is left empty isn't sent: then it is as the source has it, or chosen by the controller. */
export function bodyOf(draft: ServerDraft, name: string): CreateServer {
  const { from, setup } = draft;
  const keys = draft.sshKeys.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  const count = countOf(draft);
  return {
    name,
    from: from ?? '',
    nics: draft.nics.map(nicBody),
    ...number('cpus', draft.cpus),
    ...number('memoryMib', draft.memoryGib, 1024),
    ...number('diskGib', draft.diskGib),
    ...(draft.linked && { linked: true }),
    ...(draft.host !== undefined && { host: draft.host }),
    ...text('cluster', draft.cluster),
    ...text('datastore', draft.datastore),
    ...text('resourcePool', draft.resourcePool),
    ...text('folder', draft.folder),
    ...(setup !== 'auto' && { setup }),
    ...text('hostName', draft.hostName),
    ...(draft.password !== '' && { password: draft.password }),
    ...(keys.length > 0 && { sshKeys: keys }),
    ...(draft.userData.trim() !== '' && { userData: draft.userData }),
    ...(!draft.powerOn && { powerOn: false }),
    ...(draft.keepOnFailure && { keepOnFailure: true }),
    ...number('waitSeconds', draft.waitMinutes, 60),
    ...(count > 1 && { count }),
  };
}

function nicBody({ by, network, tag, wire, ip, ip6 }: NicDraft): CreateServer['nics'][number] {
  return {
    ...(by === 'network' && network !== undefined && { network }),
    ...(by === 'tag' && { tag: tag.trim() }),
    ...(by !== 'tag' && wire !== undefined && { wire }),
    ...text('ip', ip),
    ...text('ip6', ip6),
  };
}

function text<Field extends string>(field: Field, typed: string): Partial<Record<Field, string>> {
  const value = typed.trim();
  const filled: Partial<Record<Field, string>> = {};
  if (value !== '') filled[field] = value;
  return filled;
}

function number<Field extends string>(
  field: Field,
  typed: string,
  times = 1,
): Partial<Record<Field, number>> {
  const filled: Partial<Record<Field, number>> = {};
  if (typed.trim() !== '') filled[field] = Number(typed) * times;
  return filled;
}
