import { Argument, type Command } from 'commander';
import { completionScript, shells } from '../completion.ts';
import type { Shell } from '../session.ts';
import { addLocalVerb, rootOf } from '../verbs.ts';

export function addCompletionCommand(program: Command, shell: Shell): void {
  const command = addLocalVerb(program, shell, {
    name: 'completion',
    key: 'completion',
    examples: [
      'wirebook completion bash > /etc/bash_completion.d/wirebook',
      'wirebook completion zsh > "${fpath[1]}/_wirebook"',
      'wirebook completion fish > ~/.config/fish/completions/wirebook.fish',
    ],
    run: async (command, [name]) => {
      const wanted = shells.find((shell) => shell === name);
      if (wanted !== undefined) shell.terminal.out.write(completionScript(wanted, rootOf(command)));
    },
  });
  command.addArgument(new Argument('<shell>', shell.t('cli.argument.shell')).choices(shells));
}
