import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
type ShellName = (typeof shells)[number];

interface Node {
  /** The words that lead here, such as `wire list`; empty for the program. */
  readonly path: string;
  readonly commands: readonly { name: string; description: string }[];
  readonly options: readonly {
    flags: readonly string[];
    description: string;
    takesValue: boolean;
    choices: readonly string[];
  }[];
}

/** A static script: it knows nouns, verbs, options and their choices, and asks no controller while the user types. */
export function completionScript(shell: ShellName, program: Command): string {
  const nodes = collect(program, '');
  switch (shell) {
    case 'bash':
      return bashScript(program.name(), nodes);
    case 'zsh':
      return zshScript(program.name(), nodes);
    case 'fish':
      return fishScript(program.name(), nodes);
  }
  return '';
}

function collect(command: Command, path: string): Node[] {
  const options = command.options
    .filter((option) => !option.hidden)
    .map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
      description: option.description,
      takesValue: option.required,
      choices: option.argChoices ?? [],
    }));
  const node: Node = {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
    options: [...options, { flags: ['-h', '--help'], description: '', takesValue: false, choices: [] }],
  };
  return [
    node,
    ...command.commands.flatMap((child) =>
      collect(child, path === '' ? child.name() : `${path} ${child.name()}`),
    ),
  ];
}

function wordsOf(node: Node): string {
  return [...node.commands.map(({ name }) => name), ...node.options.flatMap(({ flags }) => flags)].join(' ');
}

function choicesOf(nodes: readonly Node[]): { key: string; choices: string }[] {
  return nodes.flatMap((node) =>
    node.options
      .filter(({ choices }) => choices.length > 0)
      .flatMap(({ flags, choices }) =>
        flags.map((flag) => ({ key: `${node.path} ${flag}`.trim(), choices: choices.join(' ') })),
      ),
  );
}

/** Which words lead to the command typed: those that are no options and are known from there. */
function bashScript(name: string, nodes: readonly Node[]): string {
  const cases = nodes.map((node) => `    ${quote(node.path)}) words=${quote(wordsOf(node))} ;;`);
  const values = choicesOf(nodes).map(({ key, choices }) => `    ${quote(key)}) words=${quote(choices)} ;;`);
  const paths = nodes.filter((node) => node.path !== '').map((node) => quote(node.path));
  return `# bash completion of ${name}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' next word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
    ${paths.join('|')}) path="$next" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  case "\${path:+$path }$previous" in
${values.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
}

function zshScript(name: string, nodes: readonly Node[]): string {
  const cases = nodes.map((node) => {
    const entries = [
      ...node.commands.map((command) => `${command.name}:${command.description}`),
      ...node.options.flatMap(({ flags, description }) => flags.map((flag) => `${flag}:${description}`)),
    ];
    return `    ${quote(node.path)}) entries=(${entries.map((entry) => quote(escapeColons(entry))).join(' ')}) ;;`;
  });
  const values = choicesOf(nodes).map(
    ({ key, choices }) => `    ${quote(key)}) entries=(${choices.split(' ').map(quote).join(' ')}) ;;`,
  );
  const paths = nodes.filter((node) => node.path !== '').map((node) => quote(node.path));
  return `#compdef ${name}
_${name}() {
  local path_='' next word
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${path_:+$path_ }$word"
    case "$next" in
    ${paths.join('|')}) path_="$next" ;;
    esac
  done
  case "$path_" in
${cases.join('\n')}
  esac
  case "\${path_:+$path_ }\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  _describe ${quote(name)} entries || _files
}
compdef _${name} ${name}
`;
}

/** \`_describe\` divides at the first colon that is not escaped. */
function escapeColons(entry: string): string {
  const [word = '', ...description] = entry.split(':');
  return `${word}:${description.join('\\:')}`;
}

function fishScript(name: string, nodes: readonly Node[]): string {
  const lines = nodes.flatMap((node) => {
    const condition = `-n ${quote(`__${name}_at ${quote(node.path)}`.replaceAll("'", '"'))}`;
    return [
      ...node.commands.map(
        (command) =>
          `complete -c ${name} ${condition} -f -a ${quote(command.name)} -d ${quote(command.description)}`,
      ),
      ...node.options.map(({ flags, description, takesValue, choices }) => {
        const words = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const value = choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : takesValue ? ' -r' : '';
        return `complete -c ${name} ${condition} ${words.join(' ')}${value} -d ${quote(description)}`;
      }),
    ];
  });
  const paths = nodes.filter((node) => node.path !== '').map((node) => quote(node.path));
  return `# fish completion of ${name}
function __${name}_at
  set -l path ''
  set -l tokens (commandline -opc)
  for word in $tokens[2..-1]
    set -l next (string trim -- "$path $word")
    contains -- $next ${paths.join(' ')}; and set path $next
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}

/** For a POSIX shell, and for fish, whose single quotes differ only in the backslash. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`'\''`)}'`;
}
