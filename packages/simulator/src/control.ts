import type {
  ChangesAtCall,
  FaultRule,
  GuestBehaviour,
  Outage,
  RemovalAtCall,
  TaskDuration,
} from './behaviour.ts';
import { isJsonObject, numberMember, parseJsonObject } from './json.ts';
import { parseVmList, type ListedVm } from './vm-list.ts';
import { renderObjectContent, type Moref, type ObjectContent, type VimProperty } from './vim-xml.ts';

export interface SimulatorStatistics {
  /** Calls by SOAP method since the start or the last reset. */
  calls: Record<string, number>;
  requestBytes: number;
  responseBytes: number;
}

/** Steers a running simulator. Every function rejects with an Error that carries the simulator's reason. */
export interface Control {
  injectFault: (rule: FaultRule) => Promise<void>;
  /** Drops all fault rules, all that should happen at a call, and an outage that goes on. */
  clearFaults: () => Promise<void>;
  /**
   * Sets one property; without `value` it is unset. Readers that wait for updates hear of it, save for
   * a distributed switch's properties, which the simulator can't announce.
   */
  setProperty: (object: Moref, property: VimProperty) => Promise<void>;
  /** Sets several properties of one object as one change. */
  setProperties: (object: Moref, properties: VimProperty[]) => Promise<void>;
  /** The properties change when the call comes, just before it is carried out. */
  setPropertiesAtCall: (at: ChangesAtCall) => Promise<void>;
  /** Puts a new VirtualMachine, Network or DistributedVirtualPortgroup into the inventory. */
  addObject: (content: ObjectContent) => Promise<void>;
  /** The object vanishes from folder, host, networks and views; no task, no event. */
  removeObject: (object: Moref) => Promise<void>;
  /** The objects vanish when the call comes, just before it is carried out. */
  removeObjectsAtCall: (at: RemovalAtCall) => Promise<void>;
  makeUnreachable: (outage: Outage) => Promise<void>;
  /** Replaces what was set for the same `vm`. Without any, guests report after 50 ms. */
  setGuestBehaviour: (behaviour: GuestBehaviour) => Promise<void>;
  /** All guests report after 50 ms again. */
  resetGuestBehaviours: () => Promise<void>;
  /** Without any, tasks end at once. */
  setTaskDuration: (duration: TaskDuration) => Promise<void>;
  /** All tasks end at once again; those that run keep the time they began with. */
  resetTaskDurations: () => Promise<void>;
  /** Every VM and template that the simulator has now. */
  listVms: () => Promise<ListedVm[]>;
  /** All sessions expire now, waiting calls included. @returns how many there were. */
  terminateSessions: () => Promise<number>;
  stats: () => Promise<SimulatorStatistics>;
  resetStats: () => Promise<void>;
}

/** @param base URL of the control listener. */
export function createControl(base: string): Control {
  async function call(method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(new URL(path, base), { method, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulator refused ${method} ${path}: ${text.trim()}`);
    return text;
  }
  const post = async (path: string, body: object) => {
    await call('POST', path, JSON.stringify(body));
  };
  const change = async (object: Moref, properties: VimProperty[]) => {
    await call('POST', '/property', renderObjectContent({ object, properties }));
  };
  return {
    injectFault: (rule) => post('/fault', rule),
    clearFaults: async () => {
      await call('DELETE', '/faults');
    },
    setProperty: async (object, property) => {
      await change(object, [property]);
    },
    setProperties: change,
    setPropertiesAtCall: ({ changes, ...at }) =>
      post('/moment', { ...at, changes: changes.map(renderObjectContent) }),
    addObject: async (content) => {
      await call('POST', '/object', renderObjectContent(content));
    },
    removeObject: async ({ type, value }) => {
      await call('DELETE', `/object?${new URLSearchParams({ type, value }).toString()}`);
    },
    removeObjectsAtCall: (at) => post('/vanish', at),
    makeUnreachable: (outage) => post('/outage', outage),
    setGuestBehaviour: (behaviour) => post('/guests', { delayMs: 50, ...behaviour }),
    resetGuestBehaviours: async () => {
      await call('DELETE', '/guests');
    },
    setTaskDuration: (duration) => post('/duration', duration),
    resetTaskDurations: async () => {
      await call('DELETE', '/durations');
    },
    listVms: async () => parseVmList(await call('GET', '/inventory')),
    terminateSessions: async () => {
      return numberMember(parseJsonObject(await call('POST', '/sessions/terminate')), 'terminated');
    },
    stats: async () => parseStatistics(await call('GET', '/stats')),
    resetStats: async () => {
      await call('DELETE', '/stats');
    },
  };
}

function parseStatistics(text: string): SimulatorStatistics {
  const object = parseJsonObject(text);
  const calls = isJsonObject(object['calls']) ? object['calls'] : {};
  return {
    calls: Object.fromEntries(Object.keys(calls).map((name) => [name, numberMember(calls, name)])),
    requestBytes: numberMember(object, 'requestBytes'),
    responseBytes: numberMember(object, 'responseBytes'),
  };
}
