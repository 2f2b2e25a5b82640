import { isJsonObject, numberMember, parseJsonObject } from './json.ts';
import { renderObjectContent, type Moref, type ObjectContent, type VimProperty } from './vim-xml.ts';

/** Which calls fail, and how. Without `fault` the calls are only delayed. */
export interface FaultRule {
  /** SOAP method, e.g. `RetrievePropertiesEx`. Default: any. */
  method?: string;
  /** Type of the object that the method is called on. Default: any. */
  type?: string;
  /** Name or moref value of that object. Default: any. */
  object?: string;
  /** Only property collector calls whose spec names this type (`HostSystem`) or moref value. */
  reading?: string;
  /** 0 to 1. Default: 1. */
  probability?: number;
  /** vSphere fault type, e.g. NotAuthenticated, NoPermission, HostCommunication, InvalidProperty. */
  fault?: string;
  /** Properties of the fault, e.g. `{ name: 'config.x' }` for InvalidProperty. */
  fields?: Record<string, unknown>;
  message?: string;
  /** Milliseconds before the answer. */
  delayMs?: number;
  /** Fail at most so often. Default: always. */
  maxCount?: number;
  /** Let so many matching calls through first. */
  skipCount?: number;
  /** The call is accepted; the task it returns ends with the fault. For `..._Task` methods. */
  inTask?: boolean;
}

export interface SimulatorStatistics {
  /** Calls by SOAP method since the start or the last reset. */
  calls: Record<string, number>;
  requestBytes: number;
  responseBytes: number;
}

/** Steers a running simulator. Every function rejects with an Error that carries the simulator's reason. */
export interface Control {
  injectFault: (rule: FaultRule) => Promise<void>;
  /** Drops all fault rules and pending disappearances. */
  clearFaults: () => Promise<void>;
  /**
   * Sets one property; without `value` it is unset. Readers that wait for updates hear of it, save for
   * a distributed switch's properties, which the simulator can't announce.
   */
  setProperty: (object: Moref, property: VimProperty) => Promise<void>;
  /** Sets several properties of one object as one change. */
  setProperties: (object: Moref, properties: VimProperty[]) => Promise<void>;
  /** Puts a new VirtualMachine, Network or DistributedVirtualPortgroup into the inventory. */
  addObject: (content: ObjectContent) => Promise<void>;
  /** The object vanishes from folder, host, networks and views; no task, no event. */
  removeObject: (object: Moref) => Promise<void>;
  /** The objects vanish when `method` is called for the (skipCount + 1)th time from now, just before it runs. */
  removeObjectsAtCall: (options: { method: string; skipCount?: number; objects: Moref[] }) => Promise<void>;
  /**
   * How guests behave after a power-on through the API: `reports` (default; Tools start and report what
   * customization or guestinfo.metadata configured), `silent` (Tools never start), `fails` (the
   * customization fails). `delayMs` is the time from power-on to the report, 50 by default.
   */
  setGuestBehaviour: (behaviour: {
    outcome: 'reports' | 'silent' | 'fails';
    delayMs?: number;
  }) => Promise<void>;
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
  const change = async (object: Moref, properties: VimProperty[]) => {
    await call('POST', '/property', renderObjectContent({ object, properties }));
  };
  return {
    injectFault: async (rule) => {
      await call('POST', '/fault', JSON.stringify(rule));
    },
    clearFaults: async () => {
      await call('DELETE', '/faults');
    },
    setProperty: async (object, property) => {
      await change(object, [property]);
    },
    setProperties: change,
    addObject: async (content) => {
      await call('POST', '/object', renderObjectContent(content));
    },
    removeObject: async ({ type, value }) => {
      await call('DELETE', `/object?${new URLSearchParams({ type, value }).toString()}`);
    },
    removeObjectsAtCall: async (options) => {
      await call('POST', '/vanish', JSON.stringify(options));
    },
    setGuestBehaviour: async ({ outcome, delayMs = 50 }) => {
      await call('POST', '/guests', JSON.stringify({ outcome, delayMs }));
    },
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
