import type {
  Accepted,
  AddressSpace,
  List,
  Network,
  NicSummary,
  ProblemBody,
  Proposal,
} from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** The demo's estate, from an empty book to one where everybody is settled or explained, by nothing but accepting. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(demoEstate());
});
afterAll(() => lab[Symbol.asyncDispose]());

const call = <T>(method: string, path: string, body?: unknown) =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);
const list = async (query = ''): Promise<Proposal[]> =>
  (await call<List<Proposal>>('GET', `/proposals?limit=500${query}`)).body.items;
const one = async (cidr: string): Promise<Proposal> => {
  const found = (await list()).find((proposal) => proposal.cidr === cidr && proposal.space.id !== null);
  if (found === undefined) throw new Error(`no proposal for ${cidr}`);
  return found;
};

describe('what an administrator would type in is proposed', () => {
  test('every subnet of the estate, with its gateway, on the wire that most of its servers are on', async () => {
    const proposals = await list();
    expect(
      proposals
        .map(({ space, cidr, wire, gateway }) => `${space.name} ${cidr} ${wire.name} ${gateway}`)
        .toSorted(),
    ).toEqual([
      'default 10.20.1.0/24 VM Network 10.20.1.1',
      'default 10.20.10.0/24 sh-web-prod 10.20.10.1',
      'default 10.20.11.0/24 sh-web/blue 10.20.11.1',
      'default 10.20.20.0/24 sh-app-prod 10.20.20.1',
      'default 10.20.30.0/24 sh-db-prod 10.20.30.1',
      'default 10.20.40.0/24 Production 10.20.40.1',
      'default 10.20.50.0/24 sh-k8s 10.20.50.1',
      'default 10.20.70.0/24 Backup null',
      'default 10.20.80.0/24 seg-web 10.20.80.1',
      'default 10.20.81.0/24 seg-opaque 10.20.81.1',
      'default 10.20.90.0/24 sh-pvlan-isolated 10.20.90.1',
      'default 10.30.10.0/24 fr-web 10.30.10.1',
      'default 10.30.20.0/24 fr-db 10.30.20.1',
      'default 10.30.30.0/26 fr-voice 10.30.30.1',
      'default 10.30.40.0/24 Production 10.30.40.1',
      'default 10.30.60.0/23 fr-office 10.30.60.1',
      'default 172.16.30.0/24 DMZ/Legacy 172.16.30.1',
      'default 2001:db8:20:10::/64 sh-web-prod null',
      'default fd20:10:1::/64 sh-web-prod null',
      'restore-test 10.20.10.0/24 restore-test 10.20.10.1',
    ]);
    expect(proposals.every((proposal) => proposal.evidence.length > 0)).toBe(true);
    const names = proposals.map((proposal) => `${proposal.space.name} ${proposal.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('with the wires that use it too, those that something speaks against, and who would remain', async () => {
    const web = await one('10.20.10.0/24');
    expect(web.additionalWires).toMatchObject([{ wire: { name: 'sh-web-prod-2' }, servers: 3 }]);
    expect(web.suggestedWires).toMatchObject([
      {
        wire: { name: 'VM Network' },
        contradiction:
          'Its servers leave the range through 10.20.10.254 (sh-stray, 1 in all), not through 10.20.10.1.',
      },
    ]);
    expect(web).toMatchObject({ dns: ['10.20.0.53', '10.20.0.54'], domain: 'corp.example', settles: 15 });
    expect(web.remaining).toMatchObject([{ code: 'other_wire', nics: 1 }]);
    const app = await one('10.20.20.0/24');
    expect(app.suggestedWires).toMatchObject([{ wire: { name: 'sh-trunk-firewall' } }]);
    expect(app.objections.map((objection) => objection.code).toSorted()).toEqual([
      'other_gateway',
      'twice',
      'wrong_mask',
    ]);
    expect(app.remaining).toMatchObject([
      { code: 'taken', nics: 2 },
      { code: 'other_wire', nics: 1 },
    ]);
  });

  test('and the restored copies in the bubble in an address space of their own', async () => {
    const bubble = (await list()).find((proposal) => proposal.space.id === null);
    expect(bubble).toMatchObject({
      space: { id: null, name: 'restore-test' },
      movesWires: [{ name: 'restore-test' }],
      cidr: '10.20.10.0/24',
    });
    expect(bubble?.objections[0]?.text).toContain('sh-web-01-restore here and sh-web-01 on "sh-web-prod"');
  });

  test('listed by filters, in order, and page by page', async () => {
    const cidrs = (proposals: readonly Proposal[]): string[] => proposals.map((proposal) => proposal.cidr);
    expect(cidrs(await list('&family=6')).toSorted()).toEqual(['2001:db8:20:10::/64', 'fd20:10:1::/64']);
    expect(cidrs(await list('&ip=10.20.30.77'))).toEqual(['10.20.30.0/24']);
    expect(cidrs(await list('&space=restore-test'))).toEqual(['10.20.10.0/24']);
    expect(cidrs(await list('&wire=sh-web-prod-2'))).toEqual(['10.20.10.0/24']);
    expect(cidrs(await list('&q=fr-v'))).toEqual(['10.30.30.0/26']);
    const all = await list('&sort=name');
    expect(all.map((proposal) => proposal.name)).toEqual(all.map((proposal) => proposal.name).toSorted());
    const paged: Proposal[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: List<Proposal> = (
        await call<List<Proposal>>('GET', `/proposals?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body;
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(paged.map((proposal) => proposal.id)).toEqual((await list()).map((proposal) => proposal.id));
    await lab.refuse('invalid_input', 'GET', '/api/v1/proposals?sort=colour');
    await lab.refuse('invalid_input', 'GET', '/api/v1/proposals?cursor=nonsense');
  });

  test('by id, name or prefix; a prefix in two spaces is ambiguous', async () => {
    const db = await one('10.20.30.0/24');
    for (const asked of [db.id, db.name, '10.20.30.0%2F24'])
      expect((await call<Proposal>('GET', `/proposals/${asked}`)).body.id).toBe(db.id);
    await lab.refuse('ambiguous', 'GET', '/api/v1/proposals/10.20.10.0%2F24');
    await lab.refuse('not_found', 'GET', '/api/v1/proposals/10.99.0.0%2F24');
  });
});

describe('accepting', () => {
  test('all of them in a dry run answers what would be and changes nothing', async () => {
    const before = await list();
    const { body } = await call<Accepted>('POST', '/proposals/accept?dryRun=true', { all: true });
    expect(body).toMatchObject({ dryRun: true, created: before.length, spaces: [{ name: 'restore-test' }] });
    expect(await list()).toEqual(before);
    expect(await lab.sql('SELECT 1 FROM networks')).toEqual([]);
    expect(await lab.sql(`SELECT 1 FROM address_spaces WHERE name <> 'default'`)).toEqual([]);
    expect((await call<Accepted>('POST', '/proposals/accept', { all: true, dryRun: true })).body.dryRun).toBe(
      true,
    );
    // Whichever of the two asks for a dry run, nothing is done.
    const both = await call<Accepted>('POST', '/proposals/accept?dryRun=false', { all: true, dryRun: true });
    expect(both.body.dryRun).toBe(true);
  });

  test('one, with changes, makes that one as it was changed; once more makes nothing', async () => {
    const db = await one('10.20.30.0/24');
    const asked = {
      ids: [db.id.toUpperCase()],
      changes: [
        { id: db.id, name: 'databases', start: '10.20.30.10', end: '10.20.30.199', description: 'by hand' },
      ],
    };
    const { body } = await call<Accepted>('POST', '/proposals/accept', asked);
    expect(body).toMatchObject({ created: 1, unchanged: 0, settles: 5, ends: 0 });
    expect(body.networks).toMatchObject([
      {
        proposal: db.id,
        outcome: 'created',
        network: {
          name: 'databases',
          start: '10.20.30.10',
          end: '10.20.30.199',
          gateway: '10.20.30.1',
          giving: [],
        },
      },
    ]);
    expect(await lab.records('sh-db-03', 0)).toEqual(['10.20.30.13', '10.20.30.100']);
    const except = await call<Accepted>('POST', '/proposals/accept?dryRun=true', {
      all: true,
      except: [db.id],
    });
    expect(except.status).toBe(200);
    const again = await call<Accepted>('POST', '/proposals/accept', asked);
    expect(again.body).toMatchObject({
      created: 0,
      unchanged: 1,
      settles: 0,
      networks: [{ outcome: 'unchanged' }],
    });
    expect((await list()).some((proposal) => proposal.id === db.id)).toBe(false);
  });

  test('what is not proposed, both or neither of ids and all, and values that do not fit are refused, and nothing is made', async () => {
    const web = await one('10.20.10.0/24');
    const refuse = (code: string, body: unknown): Promise<ProblemBody> =>
      lab.refuse(code, 'POST', '/api/v1/proposals/accept', body);
    await refuse('not_found', { ids: ['10.99.0.0/24', web.id] });
    await refuse('invalid_input', {});
    await refuse('invalid_input', { ids: [web.id], all: true });
    await refuse('gateway_outside_prefix', { ids: [web.id], changes: [{ id: web.id, gateway: '10.9.9.9' }] });
    await refuse('not_found', { ids: [web.id], changes: [{ id: web.id, wire: 'nowhere' }] });
    await refuse('name_taken', { all: true, changes: [{ id: web.id, name: 'databases' }] });
    // What is to be changed must be among what is accepted, and be changed once.
    const app = await one('10.20.20.0/24');
    const stray = await refuse('invalid_input', { ids: [web.id], changes: [{ id: app.id, name: 'other' }] });
    expect(stray.errors).toMatchObject([{ field: 'changes', value: app.id }]);
    await refuse('invalid_input', {
      ids: [app.id],
      changes: [{ id: app.id }, { id: app.cidr, name: 'twice' }],
    });
    expect((await call<List<Network>>('GET', '/networks')).body.items.map((network) => network.name)).toEqual(
      ['databases'],
    );
  });

  test('all of them settles every NIC that can be settled, and the rest say why', async () => {
    const { status, body } = await call<Accepted>('POST', '/proposals/accept', { all: true });
    expect(status).toBe(200);
    const { body: summary } = await call<NicSummary>('GET', '/nics/summary');
    expect(body.nics).toEqual(summary);
    expect(summary).toMatchObject({ nics: 95, settled: 78, unresolved: 17 });
    const open = (await lab.allNics()).filter((nic) => nic.records.length === 0);
    // Whoever reports an address without a record has a rival for it, or a wire that speaks against it.
    expect(
      open
        .filter((nic) =>
          nic.reasons.some((reason) => ['taken', 'other_wire', 'no_network'].includes(reason.code)),
        )
        .map((nic) => `${nic.server.name} ${nic.reasons[0]?.code}`)
        .toSorted(),
    ).toEqual(['sh-dad-failed taken', 'sh-dup-b taken', 'sh-fw-01 other_wire', 'sh-stray other_wire']);
    expect(await list()).toEqual([]);
    const spaces = (await call<List<AddressSpace>>('GET', '/address-spaces')).body.items;
    expect(spaces.map((space) => `${space.name} ${space.counts.networks}`)).toEqual([
      'default 19',
      'restore-test 1',
    ]);
    expect(await lab.records('sh-web-01-restore')).toEqual(['10.20.10.11']);
    expect(await lab.records('sh-web-01')).toEqual(['10.20.10.11']);
  });

  test('gives no address away: a person says from where', async () => {
    const web = await lab.network('sh-web-prod');
    expect(web.giving).toEqual([]);
    await lab.refuse('gives_nothing', 'POST', '/api/v1/networks/sh-web-prod/allocate', {});
  });

  test('is told in the audit trail, network by network', async () => {
    const { items } = (
      await call<List<{ action: string; object: { name: string } }>>('GET', '/events?limit=500')
    ).body;
    const names = items
      .filter((event) => event.action === 'accept_proposal')
      .map((event) => event.object.name);
    expect(names).toHaveLength(20);
    expect(names).toContain('databases');
  });

  test('with nothing proposed makes nothing', async () => {
    const { body } = await call<Accepted>('POST', '/proposals/accept', { all: true });
    expect(body).toMatchObject({ created: 0, unchanged: 0, settles: 0, networks: [] });
  });

  test('a sync afterwards finds nothing to change', async () => {
    const before = await lab.sql('SELECT xmin::text, network_id, wire_id FROM network_wires ORDER BY 2, 3');
    await lab.sync();
    expect(await lab.sql('SELECT xmin::text, network_id, wire_id FROM network_wires ORDER BY 2, 3')).toEqual(
      before,
    );
  });
});
