import { describe, expect, it } from 'vitest';
import { fault, response } from './support/envelope.ts';
import {
  credentials,
  problem,
  startFakeVcenter,
  versions,
  type Answer,
  type FakeRequest,
} from './support/fake-vcenter.ts';

/** A server whose method CurrentTime works only with the cookie of the latest log-in. */
function expiring(state: { logIns: number; valid: string; onExpired: Answer }) {
  return ({ method, headers }: FakeRequest): Answer | undefined => {
    if (method === 'Login') {
      state.logIns++;
      state.valid = `"s-${state.logIns}"`;
      return {
        headers: { 'set-cookie': `vmware_soap_session=${state.valid}; Path=/; HttpOnly; Secure` },
        body: response('Login', '<returnval/>'),
      };
    }
    if (method === 'CurrentTime') {
      return headers.cookie === `vmware_soap_session=${state.valid}`
        ? response('CurrentTime', '<returnval>2026-11-22T10:00:00Z</returnval>')
        : state.onExpired;
    }
    return undefined;
  };
}

const serviceInstance = { type: 'ServiceInstance', value: 'ServiceInstance' };

describe('connecting', () => {
  it('tells what the server is, and sends name and password escaped, in schema order', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const about = await server.client().connect();
    expect(about).toEqual({
      name: 'VMware vCenter Server',
      fullName: 'VMware vCenter Server 8.0.2 build-1',
      version: '8.0.2',
      build: '1',
      osType: 'linux-x64',
      productLineId: 'vpx',
      apiType: 'VirtualCenter',
      apiVersion: '8.0.2.0',
      instanceUuid: '0f8fad5b-d9cb-469f-a165-70867728950e',
    });
    expect(server.methods()).toEqual(['RetrieveServiceContent', 'Login']);
    expect(server.requests.at(-1)?.body).toContain(
      '<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this>' +
        '<userName>reader@vsphere.local</userName><password>correct &lt;horse&gt; &amp; "battery"</password></Login>',
    );
  });

  it('makes no connection before it is asked to', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const client = server.client();
    expect(() => client.about).toThrow('not connected');
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['the highest version that both know', versions, '8.0.2.0'],
    [
      'an older one when the server is newer than this client',
      versions.replace('>8.0.2.0<', '>17.0.0.0<'),
      '8.0.1.0',
    ],
    ['a plain default when the server does not say', null, '5.5'],
    ['a plain default when what it says is no version document', '<html><body>x</body></html>', '5.5'],
  ])('speaks %s', async (_, document, version) => {
    await using server = await startFakeVcenter(({ method }) => {
      if (method !== '') {
        return undefined;
      }
      return document === null ? { status: 404, body: 'Not found' } : document;
    });
    await server.client().connect();
    expect(server.requests.map(({ headers }) => headers['soapaction'])).toEqual([
      undefined,
      `"urn:vim25/${version}"`,
      `"urn:vim25/${version}"`,
    ]);
  });

  it('asks at /sdk when the URL has no path', async () => {
    await using server = await startFakeVcenter(() => undefined);
    await server.client({ url: new URL(server.url).origin }).connect();
    expect(server.requests.map(({ path }) => path)).toEqual(['/sdk/vimServiceVersions.xml', '/sdk', '/sdk']);
  });

  it('refuses a URL that is none of a server, without repeating what may be a password', async () => {
    await using server = await startFakeVcenter(() => undefined);
    for (const url of ['http://vc.example.org/sdk', 'vc.example.org', '']) {
      expect(() => server.client({ url })).toThrow('Not a URL of a vSphere server');
    }
    expect(() => server.client({ url: 'ftp://me:secret@vc.example.org' })).toThrow(/^(?!.*secret)/s);
  });

  it.each([
    [
      'a page',
      { status: 200, body: '<!DOCTYPE html><html><title>Sign in</title></html>' },
      200,
      '<!DOCTYPE html>',
    ],
    ['another status', { status: 404, body: 'no\u0007such\n thing' }, 404, 'no such thing'],
    ['nothing but text', { status: 200, body: 'It works!' }, 200, 'It works!'],
    ['another XML', { status: 200, body: '<rss/>' }, 200, '<rss/>'],
  ])('says that %s is not vSphere', async (_, answer, status, excerpt) => {
    await using server = await startFakeVcenter(() => answer);
    expect(await problem(server.client().connect())).toMatchObject({
      kind: 'not-vsphere',
      status,
      excerpt: expect.stringContaining(excerpt),
    });
  });

  it('says that a server in start-up is unavailable', async () => {
    await using server = await startFakeVcenter(() => ({ status: 503, body: 'starting' }));
    expect(await problem(server.client().connect())).toMatchObject({ kind: 'unavailable', status: 503 });
  });

  it('takes a session cookie as the server wrote it, quotes included, and none from a failed log-in', async () => {
    let refuse = true;
    await using server = await startFakeVcenter(({ method }) => {
      if (method === 'Login' && refuse) {
        const headers = { 'set-cookie': 'vmware_soap_session="of-a-failure"; Path=/' };
        return { status: 500, headers, body: fault('InvalidLogin') };
      }
      return method === 'CurrentTime' ? response('CurrentTime', '<returnval>x</returnval>') : undefined;
    });
    const client = server.client();
    expect(await problem(client.connect())).toMatchObject({ kind: 'authentication' });
    refuse = false;
    await client.connect();
    await client.call('CurrentTime', serviceInstance, {});
    expect(server.requests.map(({ headers }) => headers.cookie).filter((c) => c !== undefined)).toEqual([
      'vmware_soap_session="5a1f-52"',
    ]);
  });
});

describe('a refused log-in', () => {
  it('is an authentication problem that repeats no secret, even if the server does', async () => {
    const echo = `Cannot log in ${credentials.username} with correct &lt;horse&gt; &amp; "battery"`;
    await using server = await startFakeVcenter(({ method }) =>
      method === 'Login' ? fault('InvalidLogin', '', echo) : undefined,
    );
    const told = await problem(server.client().connect());
    expect(told).toMatchObject({ kind: 'authentication', fault: { faultType: 'InvalidLogin' } });
    expect(JSON.stringify(told)).not.toContain('horse');
    expect(JSON.stringify(told)).toContain('Cannot log in reader@vsphere.local with ***');
  });

  it('repeats no secret in what it shows of a reply that is no SOAP', async () => {
    await using server = await startFakeVcenter(({ method, body }) =>
      method === 'Login' ? { body: `You sent ${body.slice(body.indexOf('<password>'))}` } : undefined,
    );
    const told = await problem(server.client().connect());
    expect(told).toMatchObject({ kind: 'malformed' });
    expect(JSON.stringify(told)).toContain('You sent');
    expect(JSON.stringify(told)).not.toContain('horse');
  });

  it('is not tried again by itself: further calls fail without asking the server', async () => {
    const state = { logIns: 0, valid: '', onExpired: fault('NotAuthenticated') };
    const answer = expiring(state);
    let refuse = false;
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'Login' && refuse) {
        state.logIns++;
        return fault('InvalidLogin');
      }
      return answer(request);
    });
    const client = server.client();
    await client.connect();
    state.valid = 'expired';
    refuse = true;
    const calls = Array.from({ length: 5 }, () => problem(client.call('CurrentTime', serviceInstance, {})));
    for (const told of await Promise.all(calls)) {
      expect(told).toMatchObject({ kind: 'authentication', fault: { faultType: 'InvalidLogin' } });
    }
    expect(await problem(client.call('CurrentTime', serviceInstance, {}))).toMatchObject({
      kind: 'authentication',
    });
    expect(state.logIns).toBe(2);
    refuse = false;
    await client.connect();
    expect(await client.call('CurrentTime', serviceInstance, {})).toEqual({
      returnval: '2026-11-22T10:00:00Z',
    });
  });
});

describe('an expired session', () => {
  it.each([
    [
      'a fault with its type',
      fault(
        'NotAuthenticated',
        '<object type="Folder">group-d1</object><privilegeId>System.View</privilegeId>',
      ),
    ],
    [
      'a fault whose element alone names the type (ESXi)',
      {
        status: 500,
        body: response('x').replace(
          '<xResponse xmlns="urn:vim25"></xResponse>',
          '<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>The session is not authenticated.</faultstring><detail><NotAuthenticatedFault xmlns="urn:vim25"/></detail></soapenv:Fault>',
        ),
      },
    ],
    ['a fault with status 200', { status: 200, body: fault('NotAuthenticated') }],
  ])('told by %s is renewed once, and the call done again', async (_, onExpired) => {
    const state = { logIns: 0, valid: '', onExpired };
    await using server = await startFakeVcenter(expiring(state));
    const client = server.client();
    await client.connect();
    state.valid = 'expired';
    expect(await client.call('CurrentTime', serviceInstance, {})).toEqual({
      returnval: '2026-11-22T10:00:00Z',
    });
    expect(server.methods()).toEqual([
      'RetrieveServiceContent',
      'Login',
      'CurrentTime',
      'Login',
      'CurrentTime',
    ]);
  });

  it('is renewed once for all calls that notice', async () => {
    const state = { logIns: 0, valid: '', onExpired: fault('NotAuthenticated') };
    await using server = await startFakeVcenter(expiring(state));
    const client = server.client();
    await client.connect();
    state.valid = 'expired';
    await Promise.all(Array.from({ length: 8 }, () => client.call('CurrentTime', serviceInstance, {})));
    expect(state.logIns).toBe(2);
  });

  it('that expires again at once is an authentication problem, not a loop', async () => {
    await using server = await startFakeVcenter(({ method }) =>
      method === 'CurrentTime' ? fault('NotAuthenticated') : undefined,
    );
    const client = server.client();
    await client.connect();
    expect(await problem(client.call('CurrentTime', serviceInstance, {}))).toMatchObject({
      kind: 'authentication',
      fault: { faultType: 'NotAuthenticated' },
    });
    expect(server.methods().filter((method) => method === 'Login')).toHaveLength(2);
  });
});

describe('faults', () => {
  it('say their type, text, privilege, object and name', async () => {
    const faults = [
      fault(
        'NoPermission',
        '<object type="HostSystem">host-9</object><privilegeId>Host.Config.Network</privilegeId>',
      ),
      fault('InvalidProperty', '<name>config.x</name>'),
      fault('ManagedObjectNotFound', '<obj type="VirtualMachine">vm-7</obj>', 'gone\u0007\n  since'),
      response('x').replace(
        '<xResponse xmlns="urn:vim25"></xResponse>',
        '<soapenv:Fault><faultcode>x</faultcode><faultstring>Unsupported version URI</faultstring></soapenv:Fault>',
      ),
    ];
    await using server = await startFakeVcenter(({ method }) =>
      method === 'CurrentTime' ? { status: 500, body: faults.shift() ?? '' } : undefined,
    );
    const client = server.client();
    await client.connect();
    const next = () => problem(client.call('CurrentTime', serviceInstance, {}));
    expect(await next()).toMatchObject({
      kind: 'permission',
      fault: { object: { type: 'HostSystem', value: 'host-9' }, privilegeId: 'Host.Config.Network' },
      message:
        'The account lacks a privilege: NoPermission (privilege Host.Config.Network, object HostSystem host-9): It is NoPermission.',
    });
    expect(await next()).toMatchObject({
      kind: 'fault',
      fault: { faultType: 'InvalidProperty', name: 'config.x' },
    });
    expect(await next()).toMatchObject({
      kind: 'fault',
      fault: {
        faultType: 'ManagedObjectNotFound',
        faultString: 'gone since',
        object: { type: 'VirtualMachine', value: 'vm-7' },
      },
    });
    expect(await next()).toMatchObject({
      kind: 'fault',
      fault: { faultType: 'SoapFault', faultString: 'Unsupported version URI' },
    });
  });
});

describe('leaving', () => {
  it('logs out once, and closing without a session asks nothing', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const client = server.client();
    await client.connect();
    await client.logOut();
    await client.close();
    await server.client().close();
    expect(server.methods()).toEqual(['RetrieveServiceContent', 'Login', 'Logout']);
  });

  it('does not fail when the session has expired or the server is gone', async () => {
    const server = await startFakeVcenter(({ method }) =>
      method === 'Logout' ? fault('NotAuthenticated') : undefined,
    );
    const first = server.client();
    await first.connect();
    await first.logOut();
    const second = server.client();
    await second.connect();
    await server[Symbol.asyncDispose]();
    await second.close();
    expect(await problem(second.connect())).toMatchObject({ kind: 'aborted' });
  });
});

describe('neighbours of physical NICs', () => {
  it('are read with CDP and LLDP, parameters as text', async () => {
    const hint =
      '<returnval><device>vmnic0</device><subnet><vlanId>12</vlanId><ipSubnet>10.0.0.0-10.0.0.255</ipSubnet></subnet>' +
      '<connectedSwitchPort><cdpVersion>2</cdpVersion><devId>sw-1</devId><address>10.0.0.2</address><portId>Gi1/0/1</portId><hardwarePlatform>C9300</hardwarePlatform><vlan>12</vlan><fullDuplex>true</fullDuplex></connectedSwitchPort></returnval>' +
      '<returnval><device>vmnic1</device><lldpInfo><chassisId>aa:bb</chassisId><portId>7</portId><timeToLive>100</timeToLive>' +
      '<parameter><key>Vlan ID</key><value xsi:type="xsd:int">12</value></parameter><parameter><key>System Name</key><value xsi:type="xsd:string">sw-2</value></parameter></lldpInfo></returnval>';
    await using server = await startFakeVcenter(({ method }) =>
      method === 'QueryNetworkHint' ? response('QueryNetworkHint', hint) : undefined,
    );
    const client = server.client();
    await client.connect();
    const networkSystem = { type: 'HostNetworkSystem', value: 'networkSystem-9' };
    expect(await client.queryNetworkHints(networkSystem, { devices: ['vmnic0', 'vmnic1'] })).toEqual([
      {
        device: 'vmnic0',
        network: [],
        subnet: [{ vlanId: 12, ipSubnet: '10.0.0.0-10.0.0.255' }],
        connectedSwitchPort: {
          devId: 'sw-1',
          address: '10.0.0.2',
          portId: 'Gi1/0/1',
          hardwarePlatform: 'C9300',
          vlan: 12,
          fullDuplex: true,
        },
      },
      {
        device: 'vmnic1',
        network: [],
        subnet: [],
        lldpInfo: {
          chassisId: 'aa:bb',
          portId: '7',
          timeToLive: 100,
          parameter: [
            { key: 'Vlan ID', value: '12' },
            { key: 'System Name', value: 'sw-2' },
          ],
        },
      },
    ]);
    expect(server.requests.at(-1)?.body).toContain(
      '<_this type="HostNetworkSystem">networkSystem-9</_this><device>vmnic0</device><device>vmnic1</device>',
    );
  });
});
