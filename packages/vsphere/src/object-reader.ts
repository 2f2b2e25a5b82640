import { VsphereError } from './errors.ts';
import { faultOf } from './failures.ts';
import type { ManagedType } from './managed-types.ts';
import type { MoRef } from './moref.ts';
import { RetrieveResponse, type ReadObject, type ReadResult } from './object-content.ts';
import {
  continueRemedy,
  dropProperty,
  shapesOf,
  silentHostFaults,
  throwIfExpired,
  type Progress,
  type RawPage,
} from './read-progress.ts';
import type { DataValue } from './request-values.ts';
import { refusedAgain, SessionExpired, type Session } from './session.ts';
import { conforms, list, moref, text, type Shape } from './shape.ts';

const defaultPageSize = 500;
/** How long to wait for the server to forget a view or a token that is no longer needed, in milliseconds. */
const cleanUpMs = 2000;

type FilterSpec = DataValue<'PropertyFilterSpec'>;

/** One reader: reads of one type and set of properties, over one session. */
export class ObjectReader {
  readonly #session: Session;
  readonly #type: ManagedType;
  readonly #paths: Set<string>;
  readonly #pageSize: number;
  readonly #signal: AbortSignal;
  readonly #progress: Progress;

  constructor(
    session: Session,
    options: { type: ManagedType; properties: readonly string[]; pageSize: number | undefined },
    signal: AbortSignal,
    progress: Progress,
  ) {
    this.#session = session;
    this.#type = options.type;
    this.#paths = new Set(options.properties);
    shapesOf(options.type, options.properties);
    this.#pageSize = options.pageSize ?? defaultPageSize;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Everything of the type, by a container view; begins anew after an expiry. */
  async *readAll(): AsyncGenerator<RawPage, void, void> {
    let given = false;
    for (;;) {
      try {
        for await (const page of this.#readView()) {
          given = true;
          yield page;
        }
        if (given) {
          return;
        }
        // Nothing at all: either there is nothing, or nobody is asking.
        await this.#requireSession();
        yield this.#toPage([]);
        return;
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** The objects of a list. */
  async *readList(refs: readonly MoRef[]): AsyncGenerator<RawPage, void, void> {
    const pending: MoRef[][] = [];
    for (let i = 0; i < refs.length; i += this.#pageSize) {
      pending.push(refs.slice(i, i + this.#pageSize));
    }
    pending.reverse();
    for (;;) {
      const last = pending.pop();
      if (last === undefined) {
        return;
      }
      const chunk = last.filter(({ value }) => !this.#progress.delivered.has(value));
      if (chunk.length === 0) {
        continue;
      }
      try {
        for await (const page of this.#readChunk(chunk)) {
          yield page;
        }
      } catch (error) {
        const fault = faultOf(error);
        const gone = chunk.find(({ value }) => value === fault?.object?.value);
        if (fault?.faultType === 'ManagedObjectNotFound' && gone !== undefined) {
          this.#progress.delivered.add(gone.value);
          yield { ...this.#toPage([]), vanished: [gone] };
          pending.push(chunk);
        } else if (fault !== null && silentHostFaults.has(fault.faultType)) {
          const [only] = chunk;
          if (chunk.length === 1 && only !== undefined) {
            this.#progress.delivered.add(only.value);
            yield { ...this.#toPage([]), unanswered: [{ ref: only, fault }] };
          } else {
            // The fault does not say which of them: halve the list until it stands alone.
            const middle = chunk.length >> 1;
            pending.push(chunk.slice(middle), chunk.slice(0, middle));
          }
        } else {
          await this.#recover(error);
          pending.push(chunk);
        }
      }
    }
  }

  async *#readView(): AsyncGenerator<RawPage, void, void> {
    const view = await this.#createView();
    try {
      const spec: FilterSpec = {
        propSet: [this.#propertySpec()],
        objectSet: [
          {
            obj: view,
            skip: true,
            selectSet: [
              { $type: 'TraversalSpec', name: 'view', type: 'ContainerView', path: 'view', skip: false },
            ],
          },
        ],
      };
      for await (const page of this.#retrieve(spec)) {
        yield page;
      }
    } catch (error) {
      const fault = faultOf(error);
      if (fault?.faultType === 'ManagedObjectNotFound' && fault.object?.value === view.value) {
        // Views belong to sessions: it went with the session.
        throw new SessionExpired(this.#session.generation, fault);
      }
      const skippable =
        fault?.faultType === 'ManagedObjectNotFound' || silentHostFaults.has(fault?.faultType ?? '');
      if (!skippable) {
        throw error;
      }
      // One object spoils the whole read: read by list, which can leave it out.
      for await (const page of this.readList(await this.#listView(view))) {
        yield page;
      }
    } finally {
      await this.#cleanUp(async (signal) => {
        await this.#session.call('DestroyView', view, {}, signal);
      });
    }
  }

  async *#readChunk(refs: readonly MoRef[]): AsyncGenerator<RawPage, void, void> {
    const objectSet = refs.map((obj) => ({ obj, skip: false }));
    for await (const page of this.#retrieve({ propSet: [this.#propertySpec()], objectSet })) {
      yield page;
    }
  }

  /** RetrievePropertiesEx and its continuations. */
  async *#retrieve(spec: FilterSpec): AsyncGenerator<RawPage, void, void> {
    const shapes = shapesOf(this.#type, [...this.#paths]);
    let result = await this.#ask(spec, shapes);
    try {
      for (;;) {
        const objects = result.objects.filter(({ ref }) => !this.#progress.delivered.has(ref.value));
        for (const { ref } of objects) {
          this.#progress.delivered.add(ref.value);
        }
        if (objects.length > 0) {
          this.#progress.advanced = true;
          yield this.#toPage(objects);
        }
        const { token } = result;
        if (token === null) {
          return;
        }
        result = await this.#askOn(token, shapes, result);
      }
    } finally {
      const { token } = result;
      if (token !== null) {
        await this.#cleanUp(async (signal) => {
          const target = this.#session.content.propertyCollector;
          await this.#session.call('CancelRetrievePropertiesEx', target, { token }, signal);
        });
      }
    }
  }

  #propertySpec(): DataValue<'PropertySpec'> {
    return { type: this.#type, all: false, pathSet: [...this.#paths] };
  }

  async #ask(spec: FilterSpec, shapes: ReadonlyMap<string, Shape<unknown>>): Promise<ReadResult> {
    const response = new RetrieveResponse(shapes);
    const { generation } = this.#session;
    this.#progress.bytes += await this.#session.attempt({
      method: 'RetrievePropertiesEx',
      target: this.#session.content.propertyCollector,
      args: { specSet: [spec], options: { maxObjects: this.#pageSize } },
      response,
      signal: this.#signal,
    });
    throwIfExpired(response.result.objects, generation);
    return response.result;
  }

  async #askOn(
    token: string,
    shapes: ReadonlyMap<string, Shape<unknown>>,
    before: ReadResult,
  ): Promise<ReadResult> {
    const response = new RetrieveResponse(shapes);
    const { generation } = this.#session;
    try {
      this.#progress.bytes += await this.#session.attempt({
        method: 'ContinueRetrievePropertiesEx',
        target: this.#session.content.propertyCollector,
        args: { token },
        response,
        signal: this.#signal,
      });
    } catch (error) {
      if (error instanceof SessionExpired) {
        before.token = null;
      }
      if (error instanceof VsphereError && error.problem.kind === 'permission') {
        throw new VsphereError({ ...error.problem, remedy: continueRemedy });
      }
      throw error;
    }
    throwIfExpired(response.result.objects, generation);
    return response.result;
  }

  /** The objects of a view, by their references alone. */
  async #listView(view: MoRef): Promise<MoRef[]> {
    const objects = await this.#readOne('ContainerView', view, 'view', list(moref));
    const refs = objects[0]?.props['view'];
    return conforms(list(moref), refs) ? refs : [];
  }

  /** Throws `SessionExpired` unless the server says that there is a session. */
  async #requireSession(): Promise<void> {
    const { sessionManager } = this.#session.content;
    const { generation } = this.#session;
    const objects = await this.#readOne('SessionManager', sessionManager, 'currentSession', text);
    const known = objects.some(({ props, missing }) => 'currentSession' in props || missing.length > 0);
    if (!known) {
      const faultString = 'The server knows no current session.';
      throw new SessionExpired(generation, { faultType: 'NotAuthenticated', faultString });
    }
  }

  async #readOne(type: string, obj: MoRef, path: string, shape: Shape<unknown>): Promise<ReadObject[]> {
    const spec: FilterSpec = {
      propSet: [{ type, all: false, pathSet: [path] }],
      objectSet: [{ obj, skip: false }],
    };
    return (await this.#ask(spec, new Map([[path, shape]]))).objects;
  }

  async #createView(): Promise<MoRef> {
    const { rootFolder, viewManager } = this.#session.content;
    const args = { container: rootFolder, type: [this.#type], recursive: true };
    const { returnval } = await this.#session.call('CreateContainerView', viewManager, args, this.#signal);
    if (returnval === undefined) {
      throw new VsphereError({ kind: 'malformed', reason: 'no view', path: '', excerpt: '' });
    }
    return returnval;
  }

  /** After a failure: brings things to where the read can go on, or throws. */
  async #recover(error: unknown): Promise<void> {
    if (error instanceof SessionExpired) {
      if (!this.#progress.advanced) {
        throw refusedAgain(error);
      }
      this.#progress.advanced = false;
      await this.#session.renew(error, this.#signal);
      return;
    }
    const fault = faultOf(error);
    if (fault === null || !dropProperty(fault, this.#paths, this.#progress)) {
      throw error;
    }
  }

  #toPage(objects: ReadObject[]): RawPage {
    const { bytes } = this.#progress;
    this.#progress.bytes = 0;
    return { objects, vanished: [], unanswered: [], bytes };
  }

  /** Frees something on the server, as far as it will; the session's end frees it too. */
  async #cleanUp(free: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await free(AbortSignal.timeout(cleanUpMs));
    } catch (error) {
      if (!(error instanceof VsphereError)) {
        throw error;
      }
    }
  }
}
