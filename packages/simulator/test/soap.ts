import { request } from 'node:https';
import type { Simulator } from '../src/index.ts';
import { escapeXml } from '../src/vim-xml.ts';

export interface SoapReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Target {
  url: string;
  certificate: { pem: string };
}

/** One plain HTTPS POST of a SOAP body, as simple as a client can be. */
export function post(
  target: Target,
  body: string,
  options: { cookie?: string; headers?: Record<string, string> } = {},
): Promise<SoapReply> {
  const envelope =
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">' +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
  const { promise, resolve, reject } = Promise.withResolvers<SoapReply>();
  const outgoing = request(
    target.url,
    {
      method: 'POST',
      ca: target.certificate.pem,
      agent: false,
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: 'urn:vim25/8.0.3.0',
        ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
        ...options.headers,
      },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('aborted', () => {
        reject(new Error('The reply was cut off.'));
      });
      response.on('end', () => {
        const encoded = Buffer.concat(chunks);
        const latin = response.headers['content-encoding'] === undefined ? 'utf8' : 'latin1';
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: encoded.toString(latin),
        });
      });
    },
  );
  outgoing.on('error', reject);
  outgoing.end(envelope);
  return promise;
}

export interface Session {
  call: (body: string, options?: { headers?: Record<string, string> }) => Promise<SoapReply>;
  /** Objects of a type below the root folder: moref value to the raw XML of its propSets. */
  read: (type: string, paths: string[]) => Promise<Map<string, string>>;
  /** The raw XML of one property of one object, '' when unset. */
  property: (object: { type: string; value: string }, path: string) => Promise<string>;
  cookie: string;
}

/** Logs in; `through` is a proxy to go by. */
export async function logIn(simulator: Simulator, through: Target = simulator): Promise<Session> {
  const content = await post(
    through,
    '<RetrieveServiceContent xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></RetrieveServiceContent>',
  );
  const manager = (element: string, type: string) =>
    `<_this type="${type}">${textOf(content.body, element)}</_this>`;
  const login = await post(
    through,
    `<Login xmlns="urn:vim25">${manager('sessionManager', 'SessionManager')}<userName>${escapeXml(simulator.username)}</userName><password>${escapeXml(simulator.password)}</password></Login>`,
  );
  if (login.status !== 200) throw new Error(`Login answered ${login.status}: ${login.body}`);
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
  const call: Session['call'] = (body, options = {}) => post(through, body, { cookie, ...options });
  const collector = manager('propertyCollector', 'PropertyCollector');
  const retrieve = async (objectSet: string, type: string, paths: string[]) => {
    const pathSet = paths.map((path) => `<pathSet>${path}</pathSet>`).join('');
    const reply = await call(
      `<RetrievePropertiesEx xmlns="urn:vim25">${collector}<specSet><propSet><type>${type}</type>${pathSet}</propSet>${objectSet}</specSet><options/></RetrievePropertiesEx>`,
    );
    if (reply.status !== 200) throw new Error(`RetrievePropertiesEx answered ${reply.status}: ${reply.body}`);
    return reply.body;
  };
  return {
    call,
    cookie,
    read: async (type, paths) => {
      const view = await call(
        `<CreateContainerView xmlns="urn:vim25"><_this type="ViewManager">ViewManager</_this><container type="Folder">${textOf(content.body, 'rootFolder')}</container><type>${type}</type><recursive>true</recursive></CreateContainerView>`,
      );
      if (view.status !== 200) throw new Error(`CreateContainerView answered ${view.status}: ${view.body}`);
      const body = await retrieve(
        `<objectSet><obj type="ContainerView">${textOf(view.body, 'returnval')}</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet>`,
        type,
        paths,
      );
      const objects = [...body.matchAll(/<objects>(.*?)<\/objects>/gs)].map((match) => match[1] ?? '');
      return new Map(objects.map((xml) => [textOf(xml, 'obj'), xml]));
    },
    property: async (object, path) => {
      const body = await retrieve(
        `<objectSet><obj type="${object.type}">${object.value}</obj></objectSet>`,
        object.type,
        [path],
      );
      return /<val.*<\/val>/s.exec(body)?.[0] ?? '';
    },
  };
}

/** The text of the first element of that name. */
export function textOf(xml: string, element: string): string {
  return new RegExp(`<${element}(?: [^>]*)?>([^<]*)<`).exec(xml)?.[1] ?? '';
}

/** The texts of all elements of that name, in order. */
export function valuesOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}(?: [^>]*)?>([^<]*)<`, 'g'))].map((match) => match[1] ?? '');
}
