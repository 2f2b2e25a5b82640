import { describe, expect, test } from 'vitest';
import { problem, startController, type Route } from './support/controller.ts';
import { nicFix } from './support/objects.ts';
import { climc, wirebook } from './support/terminal.ts';

const fix = 'POST /api/v1/servers/web-01/fix-nics';
const mac = '00:50:56:aa:00:01';
const result = (set: object = {}): object => ({
  dryRun: false,
  fixed: 1,
  kept: 1,
  cleared: 0,
  items: [nicFix('10.1.2.3', 'fixed'), nicFix('10.1.2.4', 'kept')],
  ...set,
});
const done: Route = () => ({ body: result() });

describe('fixing a server', () => {
  test.each([
    [['10.1.2.3', 'fd00::7'], { ips: ['10.1.2.3', 'fd00::7'] }],
    [
      [`${mac}=10.1.2.3`, '0050.56aa.0002=fd00::7'],
      {
        nics: [
          { mac, ip: '10.1.2.3' },
          { mac: '0050.56aa.0002', ip: 'fd00::7' },
        ],
      },
    ],
    [[`${mac}=`], { nics: [{ mac, ip: null }] }],
  ])('%j is sent as %j', async (words, body) => {
    const { url, seen } = await startController({ [fix]: done });
    const { exitCode } = await wirebook(['server', 'fix', 'web-01', ...words], { url });
    expect(exitCode).toBe(0);
    expect(seen.map((request) => request.body)).toEqual([body]);
    expect(seen[0]?.query.get('dryRun')).toBeNull();
  });

  test('shows which address went to which card, and counts on stderr', async () => {
    const { url } = await startController({ [fix]: done });
    const { out, messages } = await wirebook(['server', 'fix', 'web-01', '10.1.2.3', '10.1.2.4'], { url });
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NIC', 'MAC', 'WIRE', 'IP', 'NETWORK', 'CHANGE'],
      ['Network adapter 1', mac, 'front', '10.1.2.3', 'web', 'fixed'],
      ['Network adapter 1', mac, 'front', '10.1.2.4', 'web', 'kept'],
      [''],
    ]);
    expect(messages).toBe('Fixed: 1, as before: 1, cleared: 0\n');
  });

  test('--dry-run asks for it and says that nothing was changed', async () => {
    const { url, seen } = await startController({ [fix]: () => ({ body: result({ dryRun: true }) }) });
    const { messages } = await wirebook(['server', 'fix', 'web-01', '10.1.2.3', '--dry-run'], { url });
    expect(seen[0]?.query.get('dryRun')).toBe('true');
    expect(messages).toContain('This was a dry run: nothing was changed.');
  });

  test("in JSON gives the API's answer, in CSV one line for each address", async () => {
    const { url } = await startController({ [fix]: done });
    const json = await wirebook(['server', 'fix', 'web-01', '10.1.2.3', '-o', 'json'], { url });
    expect(JSON.parse(json.out)).toEqual(result());
    const csv = await wirebook(['server', 'fix', 'web-01', '10.1.2.3', '-o', 'csv'], { url });
    expect(csv.out.split('\r\n')).toHaveLength(4);
  });

  test.each([
    [['10.1.2.3', `${mac}=10.1.2.4`], 'either addresses alone, or every one of them as MAC=IP'],
    [['=10.1.2.3'], '"=10.1.2.3" names no MAC'],
    [[], 'addresses is missing'],
  ])('%j is wrong usage', async (words, expected) => {
    const { url, seen } = await startController({});
    const { exitCode, messages } = await wirebook(['server', 'fix', 'web-01', ...words], { url });
    expect(exitCode).toBe(2);
    expect(messages).toContain(expected);
    expect(seen).toEqual([]);
  });

  test('a refusal lists every address with what is wrong with it', async () => {
    const { url } = await startController({
      [fix]: () => ({
        status: 422,
        body: problem('fixes_refused', {
          errors: [
            { field: 'ips[0]', value: '10.1.2.3', message: 'web-02 has it.' },
            { field: 'ips[1]', value: '10.9.9.9', message: 'No network holds this address.' },
          ],
        }),
      }),
    });
    const { exitCode, out, messages } = await wirebook(['server', 'fix', 'web-01', '10.1.2.3', '10.9.9.9'], {
      url,
    });
    expect([exitCode, out]).toEqual([1, '']);
    expect(messages).toContain(
      '  ips[0] 10.1.2.3: web-02 has it.\n  ips[1] 10.9.9.9: No network holds this address.\n',
    );
  });

  test('climc server-sync-fix-nics takes a server and its addresses', async () => {
    const { url, seen } = await startController({ [fix]: done });
    const { exitCode, out } = await climc(['server-sync-fix-nics', 'web-01', '10.1.2.3', '10.1.2.4'], {
      url,
    });
    expect(exitCode).toBe(0);
    expect(out).toContain('10.1.2.3');
    await climc(['server-sync-fix-nics', 'web-01', '10.1.2.3', '--dry-run'], { url });
    expect(seen.map(({ body, query }) => [body, query.get('dryRun')])).toEqual([
      [{ ips: ['10.1.2.3', '10.1.2.4'] }, null],
      [{ ips: ['10.1.2.3'] }, 'true'],
    ]);
    expect((await climc(['server-sync-fix-nics', 'web-01'], { url })).exitCode).toBe(2);
  });
});
