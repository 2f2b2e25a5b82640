import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { wirebook } from './support/terminal.ts';

/** What bash offers for the words, the last of which is being typed. */
function offers(script: string, words: readonly string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const { stdout, status, stderr } = spawnSync(
    'bash',
    [
      '--norc',
      '-c',
      `${script}\nCOMP_WORDS=(wirebook ${list}); COMP_CWORD=${words.length}; _wirebook; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  test('in bash knows nouns, verbs, options and their choices', async () => {
    const { out } = await wirebook(['completion', 'bash']);
    expect(offers(out, ['ne'])).toEqual(['network']);
    expect(offers(out, ['network', ''])).toEqual(expect.arrayContaining(['create', 'list', 'wires']));
    expect(offers(out, ['network', 'create', 'web', '--gate'])).toEqual(['--gateway']);
    expect(offers(out, ['network', 'create', 'web', '--policy', 'step'])).toEqual(['stepup', 'stepdown']);
    expect(offers(out, ['wire', 'list', '-o', 'j'])).toEqual(['json']);
    expect(offers(out, ['nic', 'list', '--reason', 'tools_'])).toHaveLength(3);
  });

  test('never offers the option that is only there to be refused', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await wirebook(['completion', shell])).out).not.toMatch(/--password[ '"]|-l password /);
  });

  test('for zsh and fish names every verb with its description', async () => {
    const zsh = (await wirebook(['completion', 'zsh'])).out;
    expect(zsh).toMatch(/^#compdef wirebook\n/);
    expect(zsh).toContain("'create:make a network on a wire'");
    const fish = (await wirebook(['completion', 'fish'])).out;
    expect(fish).toContain(`-n '__wirebook_at "network"' -f -a 'create' -d 'make a network on a wire'`);
    expect(fish).toContain(`-l policy -x -a 'stepup stepdown random'`);
  });

  test('speaks the language of the user', async () => {
    expect((await wirebook(['completion', 'zsh'], { environment: { LANG: 'zh_CN.UTF-8' } })).out).toContain(
      '创建子网',
    );
  });

  test('of an unknown shell is wrong usage', async () => {
    expect((await wirebook(['completion', 'csh'])).exitCode).toBe(2);
  });
});
