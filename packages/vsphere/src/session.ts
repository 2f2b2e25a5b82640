import { chooseVersion, decodeVersions, defaultVersion, versionsPath } from './api-version.ts';
import { decodeDocument } from './decoder.ts';
import { VsphereError, type VsphereFault } from './errors.ts';
import { problemOfFault } from './failures.ts';
import { responses, type MethodArguments, type MethodName, type MethodResult } from './methods.ts';
import type { MoRef } from './moref.ts';
import type { RequestArguments, RequestName } from './request-values.ts';
import { writeRequest } from './request-writer.ts';
import type { ScanHandler } from './scanner.ts';
import { scrubber, type Scrub } from './secrets.ts';
import type { ServiceContent } from './shapes/service.ts';
import { SoapReply } from './soap-reply.ts';
import type { Transport } from './transport.ts';

/**
 * Thrown inside this package when the server says NotAuthenticated, in whatever way. `generation` is the log-in that
 * has expired, so that of several calls that notice only one logs in again.
 */
export class SessionExpired extends Error {
  readonly generation: number;
  readonly fault: VsphereFault;

  constructor(generation: number, fault: VsphereFault) {
    super('The session has expired.');
    this.name = 'SessionExpired';
    this.generation = generation;
    this.fault = fault;
  }
}

interface Call<R extends RequestName> {
  method: R;
  target: MoRef;
  args: RequestArguments<R>;
  /** Takes the response element. */
  response: ScanHandler;
  signal: AbortSignal | undefined;
}

const serviceInstance: MoRef = { type: 'ServiceInstance', value: 'ServiceInstance' };
const cookieName = 'vmware_soap_session';
const loginFaults: ReadonlySet<string> = new Set(['InvalidLogin', 'PasswordExpired', 'InvalidLocale']);

/** The session cookie as the server wrote it, double quotes included; null if it is not among these. */
function findCookie(cookies: readonly string[]): string | null {
  const found = cookies
    .map((cookie) => /^\s*([^=;]+)=([^;]*)/.exec(cookie))
    .find((m) => m?.[1] === cookieName);
  return found?.[2]?.trim() ?? null;
}

/** Waits for a promise that others wait for too, no longer than the signal allows. */
async function waitFor(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    return promise;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new VsphereError({ kind: 'aborted' }));
  if (signal.aborted) {
    abort();
  }
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The session of one client with one server: the cookie, the API version, and logging in again. */
export class Session {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #username: string;
  readonly #password: string;
  readonly #userAgent: string;
  #cookie: string | null = null;
  #version: string = defaultVersion;
  #content: ServiceContent | null = null;
  #generation = 0;
  #renewal: Promise<void> | null = null;
  /** A refused log-in is not tried again by itself: it would lock the account. */
  #refused: VsphereError | null = null;

  constructor(
    transport: Transport,
    options: { path: string; username: string; password: string; userAgent: string },
  ) {
    this.#transport = transport;
    this.#path = options.path;
    this.#username = options.username;
    this.#password = options.password;
    this.#userAgent = options.userAgent;
  }

  get content(): ServiceContent {
    if (this.#content === null) {
      throw new Error('The client is not connected: call connect first.');
    }
    return this.#content;
  }

  /** Settles the version, reads the service content, logs in. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    this.#refused = null;
    this.#version = await this.#negotiateVersion(signal);
    const reply = await this.#describeService(signal);
    this.#content = reply;
    await this.#logIn(signal);
  }

  /** Calls a method once. Throws `SessionExpired` when there is no session (any more). */
  async attempt<R extends RequestName>(call: Call<R>): Promise<number> {
    if (this.#refused !== null) {
      throw this.#refused;
    }
    const generation = this.#generation;
    const { fault, bytes } = await this.#exchange(call);
    if (fault === null) {
      return bytes;
    }
    if (fault.faultType === 'NotAuthenticated') {
      throw new SessionExpired(generation, fault);
    }
    throw new VsphereError(problemOfFault(fault));
  }

  /** The log-in that calls made now belong to. */
  get generation(): number {
    return this.#generation;
  }

  /** Logs in again, unless somebody has done so since that generation. */
  async renew(expired: SessionExpired, signal: AbortSignal | undefined): Promise<void> {
    if (this.#refused !== null) {
      throw this.#refused;
    }
    if (this.#generation !== expired.generation) {
      return;
    }
    // Shared by all who wait, so no one's signal ends it; the transport's time-outs do.
    this.#renewal ??= this.#logIn(undefined).finally(() => {
      this.#renewal = null;
    });
    await waitFor(this.#renewal, signal);
  }

  /** Calls a method; after an expiry once more with a new session. */
  async call<M extends MethodName>(
    method: M,
    target: MoRef,
    args: MethodArguments<M>,
    signal: AbortSignal | undefined,
  ): Promise<MethodResult<M>> {
    const once = async (): Promise<MethodResult<M>> => {
      const response = decodeDocument(`${method}Response`, responses[method]);
      await this.attempt({ method, target, args, response, signal });
      return response.result();
    };
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof SessionExpired)) {
        throw error;
      }
      await this.renew(error, signal);
    }
    try {
      return await once();
    } catch (error) {
      throw error instanceof SessionExpired ? refusedAgain(error) : error;
    }
  }

  /** Ends the session on the server. */
  async logOut(signal: AbortSignal | undefined): Promise<void> {
    if (this.#cookie === null || this.#content === null) {
      return;
    }
    const response = decodeDocument('LogoutResponse', responses.Logout);
    try {
      await this.attempt({
        method: 'Logout',
        target: this.#content.sessionManager,
        args: {},
        response,
        signal,
      });
    } catch (error) {
      if (!(error instanceof SessionExpired)) {
        throw error;
      }
    } finally {
      this.#cookie = null;
    }
  }

  async #negotiateVersion(signal: AbortSignal | undefined): Promise<string> {
    const versions = decodeVersions();
    try {
      await this.#transport.exchange({
        method: 'GET',
        path: `${this.#path}/${versionsPath}`,
        headers: { 'user-agent': this.#userAgent },
        handler: versions,
        signal,
      });
      return chooseVersion(versions.result());
    } catch (error) {
      if (error instanceof VsphereError && (error.kind === 'malformed' || error.kind === 'not-vsphere')) {
        // Old servers have no such document. Whether this is a server at all, the next call shows.
        return defaultVersion;
      }
      throw error;
    }
  }

  async #describeService(signal: AbortSignal | undefined): Promise<ServiceContent> {
    const response = decodeDocument('RetrieveServiceContentResponse', responses.RetrieveServiceContent);
    try {
      await this.attempt({
        method: 'RetrieveServiceContent',
        target: serviceInstance,
        args: {},
        response,
        signal,
      });
    } catch (error) {
      if (error instanceof VsphereError && error.problem.kind === 'malformed') {
        throw new VsphereError({ kind: 'not-vsphere', status: 200, excerpt: error.problem.excerpt });
      }
      throw error instanceof SessionExpired ? refusedAgain(error) : error;
    }
    const { returnval } = response.result();
    if (returnval === undefined) {
      throw new VsphereError({ kind: 'not-vsphere', status: 200, excerpt: '' });
    }
    return returnval;
  }

  async #logIn(signal: AbortSignal | undefined): Promise<void> {
    // A failed log-in sets a cookie too, and a session that is logged in already cannot log in: begin without one.
    this.#cookie = null;
    const { fault } = await this.#exchange({
      method: 'Login',
      target: this.content.sessionManager,
      args: { userName: this.#username, password: this.#password },
      response: decodeDocument('LoginResponse', responses.Login),
      signal,
    });
    if (fault === null) {
      this.#generation++;
      return;
    }
    this.#cookie = null;
    if (loginFaults.has(fault.faultType) || fault.faultType === 'NotAuthenticated') {
      this.#refused = new VsphereError({ kind: 'authentication', fault });
      throw this.#refused;
    }
    throw new VsphereError(problemOfFault(fault));
  }

  async #exchange<R extends RequestName>(
    call: Call<R>,
  ): Promise<{ fault: VsphereFault | null; bytes: number }> {
    const reply = new SoapReply(`${call.method}Response`, call.response);
    const request = writeRequest(call.method, call.target, call.args);
    const scrub = scrubber([this.#password, this.#cookie ?? '', ...request.secrets]);
    try {
      const answer = await this.#transport.exchange({
        method: 'POST',
        path: this.#path,
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          soapaction: `"urn:vim25/${this.#version}"`,
          'user-agent': this.#userAgent,
          ...(this.#cookie === null ? {} : { cookie: `${cookieName}=${this.#cookie}` }),
        },
        body: request.body,
        handler: reply,
        signal: call.signal,
      });
      const fault = reply.fault();
      if (fault === null) {
        this.#cookie = findCookie(answer.cookies) ?? this.#cookie;
      }
      return { fault: fault === null ? null : withoutSecrets(fault, scrub), bytes: answer.bytes };
    } catch (error) {
      throw error instanceof VsphereError ? errorWithoutSecrets(error, scrub) : error;
    }
  }
}

/** A session that expires again right after a log-in: the server refuses, and asking on would not end. */
export function refusedAgain(expired: SessionExpired): VsphereError {
  return new VsphereError({ kind: 'authentication', fault: expired.fault });
}

/** Each text of the server's own. */
function withoutSecrets(fault: VsphereFault, scrub: Scrub): VsphereFault {
  const { name, property, file, details, cause } = fault;
  return {
    ...fault,
    faultString: scrub(fault.faultString),
    ...(name === undefined ? {} : { name: scrub(name) }),
    ...(property === undefined ? {} : { property: scrub(property) }),
    ...(file === undefined ? {} : { file: scrub(file) }),
    ...(details === undefined ? {} : { details: details.map(scrub) }),
    ...(cause === undefined ? {} : { cause: { ...cause, faultString: scrub(cause.faultString) } }),
  };
}

function errorWithoutSecrets(error: VsphereError, scrub: Scrub): VsphereError {
  const { problem } = error;
  if (problem.kind === 'malformed' || problem.kind === 'not-vsphere') {
    return new VsphereError({ ...problem, excerpt: scrub(problem.excerpt) });
  }
  return error;
}
