import { describe, expect, test } from 'vitest';
import { page, problem, startController, type Route } from './support/controller.ts';
import { addressWhy, conflict, idOf, nicWhy, reason } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const ask = 'GET /api/v1/why';
const answer =
  (set: object): Route =>
  () => ({
    body: {
      subject: { kind: 'address', id: null, name: '10.1.2.3' },
      answer: 'web-01 has 10.1.2.3 on front.',
      remedy: null,
      addresses: [],
      nics: [],
      ...set,
    },
  });

describe('why', () => {
  const held = addressWhy('10.1.2.3', {
    obstacles: [
      { code: 'used', text: '10.1.2.3 belongs to web-01.', remedy: 'wirebook why 10.1.2.3' },
      { code: 'seen', text: 'web-02 reports 10.1.2.3.', remedy: 'wirebook why 10.1.2.3' },
      { code: 'gateway', text: '10.1.2.3 is a gateway.', remedy: 'Choose another.' },
    ],
    seenOn: [
      {
        server: { id: idOf(31), name: 'web-01' },
        wire: { id: idOf(10), name: 'front' },
        interface: 'eth0',
        since: '2026-01-02T03:04:05Z',
      },
    ],
    history: [
      {
        server: { id: idOf(32), name: 'old-01' },
        nic: { id: idOf(33), mac: '00:50:56:aa:00:09' },
        network: { id: idOf(20), name: 'web' },
        holder: null,
        key: null,
        source: 'manual',
        from: '2025-01-02T03:04:05Z',
        to: '2025-06-02T03:04:05Z',
        ended: 'released',
      },
    ],
    conflicts: [
      { id: idOf(70), kind: 'duplicate', text: 'web-02 reports it too.', since: '2026-01-02T03:04:05Z' },
    ],
  });

  test('answers in sentences first, then shows what the answer rests on', async () => {
    const { url, seen } = await startController({
      [ask]: answer({ addresses: [held], nics: [nicWhy('web-01')], remedy: 'Look at web-02.' }),
    });
    const { exitCode, out } = await wirebook(['why', '10.1.2.3', '--space', 'branch'], { url });
    expect(exitCode).toBe(0);
    expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({ of: '10.1.2.3', space: 'branch' });
    expect(out).toMatch(/^web-01 has 10\.1\.2\.3 on front\.\n {2}what to do: Look at web-02\.\n\n/);
    expect(out).toMatch(/^WIRES +front \(VLAN 120, dvs-prod\)$/m);
    expect(out).toMatch(/^MAC +00:50:56:aa:00:01$/m);
    expect(out).not.toMatch(/^OWNER/m);
    expect(out).toContain(
      '- web-02 reports 10.1.2.3.\n- 10.1.2.3 is a gateway.\n  what to do: Choose another.\n',
    );
    // Nobody who asks why is told to ask why.
    expect(out).not.toContain('wirebook why');
    expect(out).toContain(
      `what to do: Decide with --keep, --give or --share, as in: wirebook conflict resolve ${idOf(70)} --keep\n`,
    );
    expect(out).toMatch(/^SEEN ON\nSERVER .*\nweb-01 +front +eth0 /m);
    expect(out).toMatch(/^HISTORY\n.*\nold-01 +00:50:56:aa:00:09 +web +manual .* released$/m);
    expect(out).toMatch(/^HOST +esx-1\n[^]*^VLAN +VLAN 120\nSWITCH +dvs-prod\nPORT +17$/m);
    expect(out).toMatch(/^esx-1 +vmnic0 +sw-1 Gi1\/0\/7$/m);
  });

  test('of a server shows its addresses beside one another, and the reasons of its cards whole', async () => {
    const remedy = `Make it: wirebook network create NAME --wire ${idOf(10)} --cidr 10.9.9.0/24`;
    const { url } = await startController({
      [ask]: answer({
        addresses: [held, addressWhy('10.1.2.4')],
        nics: [
          nicWhy('web-01'),
          nicWhy(
            'web-01',
            { wire: null, port: null },
            { label: 'Network adapter 2', reasons: [{ ...reason('no_network'), remedy }] },
          ),
        ],
      }),
    });
    const { out } = await wirebook(['why', 'web-01'], { url, columns: 60 });
    expect(out).toMatch(/^ADDRESSES\nIP .*\n10\.1\.2\.3 .*\n10\.1\.2\.4 /m);
    expect(out).not.toContain('HISTORY');
    // What both cards have in common stands above what tells them apart.
    expect(out).toMatch(/^SERVER +web-01\nHOST +esx-1\n[^]*^NICS\nLABEL +WIRE +VLAN +SWITCH +PORT$/m);
    expect(out).toContain(`- web-01, Network adapter 2: Text of no_network.\n  what to do: ${remedy}\n`);
    // Both cards hang on the same uplink.
    expect(out.match(/sw-1 Gi/g)).toHaveLength(1);
  });

  test("in JSON gives the API's answer", async () => {
    const { url } = await startController({ [ask]: answer({ addresses: [held] }) });
    const { out } = await wirebook(['why', '10.1.2.3', '-o', 'json'], { url });
    expect(JSON.parse(out)).toMatchObject({ answer: 'web-01 has 10.1.2.3 on front.', addresses: [held] });
  });

  test('obeys nothing that a guest may have named itself', async () => {
    const { url } = await startController({
      [ask]: answer({ answer: 'vm\u001b[2J has it.', nics: [nicWhy('vm\u001b[2J')] }),
    });
    const { out } = await wirebook(['why', '10.1.2.3'], { url });
    expect(out).not.toContain('\u001b');
    expect(out).toContain('vm\\u001b[2J has it.');
  });

  test('of nothing known is a refusal', async () => {
    const { url } = await startController({
      [ask]: () => ({ status: 404, body: problem('not_found', { detail: 'No server is named "x".' }) }),
    });
    const { exitCode, messages } = await wirebook(['why', 'x'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('No server is named "x".');
  });
});

describe('conflicts', () => {
  test('are listed with both sides, by an id that no narrow terminal cuts', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/conflicts': () => page([conflict('10.1.2.3', { kind: 'moving', proposal: 'share' })]),
    });
    const wide = await wirebook(['conflict', 'list', '--kind', 'moving', '--network', 'web'], { url });
    const [head = '', row = ''] = wide.out.split('\n');
    expect(head.split(/ {2,}/)).toEqual([
      'ID',
      'KIND',
      'IP',
      'NETWORK',
      'HOLDERS',
      'CLAIMANTS',
      'SINCE',
      'ENDED',
      'PROPOSAL',
      'DECISION',
      'DECIDED',
    ]);
    expect(row.split(/ {2,}/).toSpliced(6, 2)).toEqual([
      idOf(70),
      'moving',
      '10.1.2.3',
      'web',
      'web-01 00:50:56:aa:00:01',
      'web-02 00:50:56:aa:00:02',
      'share',
      '-',
      '-',
    ]);
    const narrow = await wirebook(['conflict', 'list', '--resolved'], { url, columns: 80 });
    expect(narrow.out).toContain(`${idOf(70)}  `);
    await wirebook(['conflict', 'list', '--all'], { url });
    expect(seen.map(({ query }) => Object.fromEntries(query))).toEqual([
      { limit: '100', kind: 'moving', network: 'web' },
      { limit: '100', resolved: 'true' },
      { limit: '100', resolved: 'any' },
    ]);
  });

  test.each(['keep', 'give', 'share'])('are decided by --%s', async (resolution) => {
    const path = `POST /api/v1/conflicts/${idOf(70)}/resolve`;
    const { url, seen } = await startController({
      [path]: () => ({ body: conflict('10.1.2.3', { resolution }) }),
    });
    const { exitCode, out, messages } = await wirebook(['conflict', 'resolve', idOf(70), `--${resolution}`], {
      url,
    });
    expect(exitCode).toBe(0);
    expect(seen[0]?.body).toEqual({ resolution });
    expect(out).toMatch(new RegExp(`^DECISION +${resolution}$`, 'm'));
    expect(messages).toMatch(/^10\.1\.2\.3 /);
  });

  test.each([[[]], [['--keep', '--share']], [['--give', '--share']]])(
    'are not decided by %j',
    async (flags) => {
      const { url, seen } = await startController({});
      expect((await wirebook(['conflict', 'resolve', idOf(70), ...flags], { url })).exitCode).toBe(2);
      expect(seen).toEqual([]);
    },
  );
});
