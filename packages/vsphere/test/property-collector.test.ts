import { describe, expect, it } from 'vitest';
import type { ObjectPage } from '../src/index.ts';
import { content, fault, missing, response, stringVal } from './support/envelope.ts';
import { all, problem, startFakeVcenter, type Answer, type FakeRequest } from './support/fake-vcenter.ts';

const folder = (id: string): string => content('Folder', id, { name: stringVal(`name of ${id}`) });

/** A page of folders, with a token when more follow. */
function page(ids: readonly string[], token?: string): string {
  return `<returnval>${token === undefined ? '' : `<token>${token}</token>`}${ids.map(folder).join('')}</returnval>`;
}

const tokenOf = (request: FakeRequest): string => /<token>(.*?)<\/token>/.exec(request.body)?.[1] ?? '';
/** The ids that a request lists by itself. */
const listedIn = ({ body }: FakeRequest): string[] =>
  [...body.matchAll(/<objectSet><obj type="Folder">(.*?)<\/obj>/g)].map((match) => match[1] ?? '');
const pathsIn = ({ body }: FakeRequest): string[] =>
  [...body.matchAll(/<pathSet>(.*?)<\/pathSet>/g)].map((match) => match[1] ?? '');

type Pages = AsyncIterable<ObjectPage<'Folder', 'name' | 'parent'>>;

async function collect(pages: Pages) {
  const ids: string[] = [];
  const vanished: string[] = [];
  const unanswered: string[] = [];
  let dropped: string[] = [];
  let last = 0;
  for await (const one of pages) {
    ids.push(...one.objects.map(({ ref }) => ref.value));
    vanished.push(...one.vanished.map(({ value }) => value));
    unanswered.push(...one.unanswered.map(({ ref, fault: why }) => `${ref.value} ${why.faultType}`));
    dropped = one.droppedProperties;
    last = one.bytes;
  }
  return { ids, vanished, unanswered, dropped, last };
}

const refs = (...ids: string[]) => ids.map((value) => ({ type: 'Folder', value }));
const properties = ['name', 'parent'] as const;

describe('reading everything of a type', () => {
  it('sends one container view and one filter, and follows tokens to the last page, whatever their size', async () => {
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'RetrievePropertiesEx') {
        return response('RetrievePropertiesEx', page(['f-1', 'f-2'], '0'));
      }
      if (request.method === 'ContinueRetrievePropertiesEx') {
        const next = tokenOf(request) === '0' ? page(['f-3'], 'a&amp;b') : page(['f-4', 'f-5', 'f-6']);
        return response('ContinueRetrievePropertiesEx', next);
      }
      return undefined;
    });
    const client = server.client();
    await client.connect();
    const read = await collect(client.readObjects({ type: 'Folder', properties, pageSize: 100 }));
    expect(read).toMatchObject({
      ids: ['f-1', 'f-2', 'f-3', 'f-4', 'f-5', 'f-6'],
      vanished: [],
      unanswered: [],
    });
    expect(read.last).toBeGreaterThan(500);
    expect(server.methods().slice(2)).toEqual([
      'CreateContainerView',
      'RetrievePropertiesEx',
      'ContinueRetrievePropertiesEx',
      'ContinueRetrievePropertiesEx',
      'DestroyView',
    ]);
    const body = (method: string) => server.requests.find((request) => request.method === method)?.body ?? '';
    expect(body('CreateContainerView')).toContain(
      '<_this type="ViewManager">ViewManager</_this><container type="Folder">group-d1</container><type>Folder</type><recursive>true</recursive>',
    );
    expect(body('RetrievePropertiesEx')).toContain(
      '<_this type="PropertyCollector">propertyCollector</_this><specSet>' +
        '<propSet><type>Folder</type><all>false</all><pathSet>name</pathSet><pathSet>parent</pathSet></propSet>' +
        '<objectSet><obj type="ContainerView">session[52]view-1</obj><skip>true</skip>' +
        '<selectSet xsi:type="TraversalSpec"><name>view</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet>' +
        '</specSet><options><maxObjects>100</maxObjects></options>',
    );
    expect(server.requests.filter((r) => r.method.startsWith('Continue')).map(tokenOf)).toEqual([
      '0',
      'a&amp;b',
    ]);
  });

  it('gives one empty page when there is nothing and the session lives', async () => {
    await using server = await startFakeVcenter((request) => {
      if (request.method !== 'RetrievePropertiesEx') {
        return undefined;
      }
      return request.body.includes('currentSession')
        ? response(
            'RetrievePropertiesEx',
            `<returnval>${content('SessionManager', 'SessionManager', { currentSession: '<val xsi:type="UserSession"><key>52</key></val>' })}</returnval>`,
          )
        : response('RetrievePropertiesEx');
    });
    const client = server.client();
    await client.connect();
    const pages = await all(client.readObjects({ type: 'Folder', properties }));
    expect(pages).toEqual([
      {
        objects: [],
        vanished: [],
        unanswered: [],
        droppedProperties: [],
        bytes: expect.any(Number),
      },
    ]);
  });

  it('does not take an answer without a session for an empty inventory', async () => {
    let logIns = 0;
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'Login') {
        logIns++;
        return undefined;
      }
      if (request.method !== 'RetrievePropertiesEx') {
        return undefined;
      }
      if (logIns > 1) {
        return response('RetrievePropertiesEx', page(['f-1']));
      }
      return request.body.includes('currentSession')
        ? response(
            'RetrievePropertiesEx',
            `<returnval>${content('SessionManager', 'SessionManager', {})}</returnval>`,
          )
        : response('RetrievePropertiesEx');
    });
    const client = server.client();
    await client.connect();
    expect(await collect(client.readObjects({ type: 'Folder', properties }))).toMatchObject({ ids: ['f-1'] });
    expect(logIns).toBe(2);
  });

  it.each<[string, (count: number) => Answer]>([
    [
      'missing properties with status 200',
      () =>
        response(
          'ContinueRetrievePropertiesEx',
          `<returnval>${content('Folder', 'f-3', {}, missing('name', 'NotAuthenticated') + missing('parent', 'NotAuthenticated'))}</returnval>`,
        ),
    ],
    ['a fault', () => fault('NotAuthenticated')],
    [
      'one missing property beside others that came',
      () =>
        response(
          'ContinueRetrievePropertiesEx',
          `<returnval>${content('Folder', 'f-3', { name: stringVal('a') }, missing('parent', 'NotAuthenticated'))}</returnval>`,
        ),
    ],
  ])('begins anew after an expiry told by %s, gives nothing twice and loses nothing', async (_, expired) => {
    let reads = 0;
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'RetrievePropertiesEx') {
        reads++;
        // After the log-in the server gives other pages, and a new object.
        return response(
          'RetrievePropertiesEx',
          reads === 1 ? page(['f-1', 'f-2'], 't') : page(['f-2', 'f-9', 'f-1'], 't'),
        );
      }
      if (request.method === 'ContinueRetrievePropertiesEx') {
        return reads === 1 ? expired(reads) : response('ContinueRetrievePropertiesEx', page(['f-3']));
      }
      return undefined;
    });
    const client = server.client();
    await client.connect();
    const read = await collect(client.readObjects({ type: 'Folder', properties }));
    expect(read.ids).toEqual(['f-1', 'f-2', 'f-9', 'f-3']);
    expect(server.methods().filter((method) => method === 'Login')).toHaveLength(2);
    expect(server.methods().filter((method) => method === 'CreateContainerView')).toHaveLength(2);
  });

  it('takes a view that is gone for an expired session', async () => {
    let reads = 0;
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'RetrievePropertiesEx') {
        reads++;
        return reads === 1
          ? fault('ManagedObjectNotFound', '<obj type="ContainerView">session[52]view-1</obj>')
          : response('RetrievePropertiesEx', page(['f-1']));
      }
      return undefined;
    });
    const client = server.client();
    await client.connect();
    expect(await collect(client.readObjects({ type: 'Folder', properties }))).toMatchObject({ ids: ['f-1'] });
  });

  it('gives up when the session expires again and again without anything read', async () => {
    await using server = await startFakeVcenter((request) =>
      request.method === 'RetrievePropertiesEx'
        ? response(
            'RetrievePropertiesEx',
            `<returnval>${content('Folder', 'f-1', {}, missing('name', 'NotAuthenticated'))}</returnval>`,
          )
        : undefined,
    );
    const client = server.client();
    await client.connect();
    expect(await problem(collect(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'authentication',
    });
    expect(server.methods().filter((method) => method === 'Login')).toHaveLength(2);
  });

  it('drops a property that the server does not know and says so', async () => {
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'RetrievePropertiesEx') {
        return pathsIn(request).includes('parent')
          ? fault('InvalidProperty', '<name>parent</name>')
          : response('RetrievePropertiesEx', page(['f-1']));
      }
      return undefined;
    });
    const client = server.client();
    await client.connect();
    expect(await collect(client.readObjects({ type: 'Folder', properties }))).toMatchObject({
      ids: ['f-1'],
      dropped: ['parent'],
    });
  });

  it('drops every property below an unknown part of a path, and fails on a name that is none of them', async () => {
    const names = ['config.network', 'elsewhere'];
    await using server = await startFakeVcenter((request) =>
      request.method === 'RetrievePropertiesEx'
        ? fault('InvalidProperty', `<name>${names.shift() ?? ''}</name>`)
        : undefined,
    );
    const client = server.client();
    await client.connect();
    const paths = ['name', 'config.network.pnic', 'config.network.vnic', 'runtime.powerState'] as const;
    expect(await problem(all(client.readObjects({ type: 'HostSystem', properties: paths })))).toMatchObject({
      kind: 'fault',
      fault: { faultType: 'InvalidProperty', name: 'elsewhere' },
    });
    const asked = server.requests.filter(({ method }) => method === 'RetrievePropertiesEx').map(pathsIn);
    expect(asked).toEqual([[...paths], ['name', 'runtime.powerState']]);
  });

  it('reads on by list when one object spoils the read, and leaves that one out', async () => {
    const all = ['f-1', 'f-2', 'f-3', 'f-4', 'f-5', 'f-6', 'f-7'];
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'ContinueRetrievePropertiesEx') {
        return fault('HostCommunication');
      }
      if (request.method !== 'RetrievePropertiesEx') {
        return undefined;
      }
      if (request.body.includes('<pathSet>view</pathSet>')) {
        const view = all.map(
          (id) =>
            `<ManagedObjectReference type="Folder" xsi:type="ManagedObjectReference">${id}</ManagedObjectReference>`,
        );
        const val = `<val xsi:type="ArrayOfManagedObjectReference">${view.join('')}</val>`;
        return response(
          'RetrievePropertiesEx',
          `<returnval>${content('ContainerView', 'v', { view: val })}</returnval>`,
        );
      }
      const listed = listedIn(request);
      if (listed.length === 0) {
        return response('RetrievePropertiesEx', page(['f-1', 'f-2'], 't'));
      }
      if (listed.includes('f-5')) {
        return fault('HostNotConnected');
      }
      if (listed.includes('f-7')) {
        return fault('ManagedObjectNotFound', '<obj type="Folder">f-7</obj>');
      }
      return response('RetrievePropertiesEx', page(listed));
    });
    const client = server.client();
    await client.connect();
    const read = await collect(client.readObjects({ type: 'Folder', properties }));
    expect(read.ids.toSorted()).toEqual(['f-1', 'f-2', 'f-3', 'f-4', 'f-6']);
    expect(read).toMatchObject({ vanished: ['f-7'], unanswered: ['f-5 HostNotConnected'] });
    expect(server.methods().at(-1)).toBe('DestroyView');
  });

  it('says what to grant when further pages are refused', async () => {
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'RetrievePropertiesEx') {
        return response('RetrievePropertiesEx', page(['f-1'], 't'));
      }
      return request.method === 'ContinueRetrievePropertiesEx'
        ? fault(
            'NoPermission',
            '<object type="Folder">group-d1</object><privilegeId>System.View</privilegeId>',
          )
        : undefined;
    });
    const client = server.client();
    await client.connect();
    expect(await problem(collect(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'permission',
      fault: { privilegeId: 'System.View' },
      remedy: expect.stringContaining('Read-only'),
      message: expect.stringContaining('root folder'),
    });
  });

  it('keeps an object whose properties are refused, with the reasons', async () => {
    const denied = missing('name', 'NoPermission', '<privilegeId>System.Read</privilegeId>');
    await using server = await startFakeVcenter((request) =>
      request.method === 'RetrievePropertiesEx'
        ? response('RetrievePropertiesEx', `<returnval>${content('Folder', 'f-1', {}, denied)}</returnval>`)
        : undefined,
    );
    const client = server.client();
    await client.connect();
    const [only] = await all(client.readObjects({ type: 'Folder', properties }));
    expect(only?.objects).toEqual([
      {
        ref: { type: 'Folder', value: 'f-1' },
        props: {},
        missing: [{ path: 'name', fault: 'NoPermission', privilege: 'System.Read' }],
      },
    ]);
  });
});

describe('a read that is left', () => {
  const endless = (request: FakeRequest): Answer | undefined => {
    if (/^(?:Continue)?RetrievePropertiesEx$/.test(request.method)) {
      const number = Number(tokenOf(request) || '0') + 1;
      return response(request.method, page([`f-${number}`], String(number)));
    }
    return undefined;
  };

  it('frees the token and destroys the view', async () => {
    await using server = await startFakeVcenter(endless);
    const client = server.client();
    await client.connect();
    for await (const one of client.readObjects({ type: 'Folder', properties })) {
      if (one.objects[0]?.ref.value === 'f-2') {
        break;
      }
    }
    expect(server.methods().slice(-2)).toEqual(['CancelRetrievePropertiesEx', 'DestroyView']);
  });

  it('by a signal ends as aborted and destroys the view too', async () => {
    const stop = new AbortController();
    await using server = await startFakeVcenter(endless);
    const client = server.client();
    await client.connect();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const one of client.readObjects({ type: 'Folder', properties, signal: stop.signal })) {
        seen.push(one.objects[0]?.ref.value ?? '');
        if (seen.length === 3) {
          stop.abort();
        }
      }
    })();
    expect(await problem(reading)).toMatchObject({ kind: 'aborted' });
    expect(seen.slice(0, 3)).toEqual(['f-1', 'f-2', 'f-3']);
    expect(server.methods().at(-1)).toBe('DestroyView');
  });

  it('by an error of its own destroys the view too', async () => {
    await using server = await startFakeVcenter((request) =>
      request.method === 'ContinueRetrievePropertiesEx' ? { body: '<half' } : endless(request),
    );
    const client = server.client();
    await client.connect();
    expect(await problem(collect(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'cut-off',
    });
    expect(server.methods().at(-1)).toBe('DestroyView');
  });

  it('asks for one page ahead of its consumer and no more', async () => {
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>();
    await using server = await startFakeVcenter((request) => {
      if (tokenOf(request) === '1') {
        tellAsked();
      }
      return endless(request);
    });
    const client = server.client();
    await client.connect();
    const pages = client.readObjects({ type: 'Folder', properties });
    await pages.next();
    // The second page is asked for although the first is still being worked on.
    await asked;
    await client.call('DestroyView', { type: 'ContainerView', value: 'other' }, {});
    await client.call('DestroyView', { type: 'ContainerView', value: 'other' }, {});
    expect(server.methods().filter((method) => method === 'ContinueRetrievePropertiesEx')).toHaveLength(1);
    await pages.return();
  });
});

describe('reading by list', () => {
  it('takes out what has gone, tells it, and reads the rest', async () => {
    const gone = new Set(['f-2', 'f-4']);
    await using server = await startFakeVcenter((request) => {
      if (request.method !== 'RetrievePropertiesEx') {
        return undefined;
      }
      const listed = listedIn(request);
      const lost = listed.find((id) => gone.has(id));
      return lost === undefined
        ? response('RetrievePropertiesEx', page(listed))
        : fault('ManagedObjectNotFound', `<obj type="Folder">${lost}</obj>`);
    });
    const client = server.client();
    await client.connect();
    const list = refs('f-1', 'f-2', 'f-3', 'f-4', 'f-5');
    const read = await collect(client.readRefs({ type: 'Folder', refs: list, properties, pageSize: 2 }));
    expect(read).toMatchObject({ ids: ['f-1', 'f-3', 'f-5'], vanished: ['f-2', 'f-4'] });
    expect(server.methods()).not.toContain('CreateContainerView');
  });

  it('goes on after an expiry in the middle', async () => {
    let asked = 0;
    await using server = await startFakeVcenter((request) => {
      if (request.method !== 'RetrievePropertiesEx') {
        return undefined;
      }
      asked++;
      return asked === 2
        ? fault('NotAuthenticated')
        : response('RetrievePropertiesEx', page(listedIn(request)));
    });
    const client = server.client();
    await client.connect();
    const list = refs('f-1', 'f-2', 'f-3');
    const read = await collect(client.readRefs({ type: 'Folder', refs: list, properties, pageSize: 1 }));
    expect(read.ids).toEqual(['f-1', 'f-2', 'f-3']);
  });

  it('follows the tokens of a server that pages smaller than asked', async () => {
    await using server = await startFakeVcenter((request) => {
      if (request.method === 'RetrievePropertiesEx') {
        return response('RetrievePropertiesEx', page(['f-1'], 't'));
      }
      return request.method === 'ContinueRetrievePropertiesEx'
        ? response('ContinueRetrievePropertiesEx', page(['f-2']))
        : undefined;
    });
    const client = server.client();
    await client.connect();
    const read = await collect(client.readRefs({ type: 'Folder', refs: refs('f-1', 'f-2'), properties }));
    expect(read.ids).toEqual(['f-1', 'f-2']);
  });

  it('asks nothing for an empty list', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const client = server.client();
    await client.connect();
    expect(await collect(client.readRefs({ type: 'Folder', refs: [], properties }))).toMatchObject({
      ids: [],
    });
    expect(server.methods()).not.toContain('RetrievePropertiesEx');
  });

  it('fails when the server misses an object that nobody asked for', async () => {
    await using server = await startFakeVcenter((request) =>
      request.method === 'RetrievePropertiesEx'
        ? fault('ManagedObjectNotFound', '<obj type="Folder">x</obj>')
        : undefined,
    );
    const client = server.client();
    await client.connect();
    expect(
      await problem(collect(client.readRefs({ type: 'Folder', refs: refs('f-1'), properties }))),
    ).toMatchObject({ kind: 'fault', fault: { faultType: 'ManagedObjectNotFound' } });
  });
});
