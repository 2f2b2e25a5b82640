import type { Command } from 'commander';
import { exportDeclarations } from '../declarations/exporting.ts';
import { importDeclarations } from '../declarations/importing.ts';
import { option } from '../options.ts';
import type { Shell } from '../session.ts';
import { addNoun, addVerb } from '../verbs.ts';
import { addListExports } from './list-exports.ts';

/** What other programs, and another Wirebook, take. */
export function addExportCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'export');
  addVerb(noun, shell, {
    name: 'declarations',
    key: 'export.declarations',
    arguments: ['[outfile]'],
    options: [option(t, '--csv <folder>', 'csvFolder'), option(t, '--force')],
    examples: [
      'wirebook export declarations declared.json',
      'wirebook export declarations --csv declared',
      'wirebook export declarations > declared.json',
    ],
    run: (session, [file], options) => exportDeclarations(session, file ?? '-', options),
  });
  addListExports(noun, shell);
}

/** The way back, below the noun `import`. */
export function addDeclarationsImport(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'declarations',
    key: 'import.declarations',
    arguments: ['<document>'],
    options: [
      option(t, '--dry-run'),
      option(t, '--overwrite'),
      option(t, '--skip-missing'),
      option(t, '--account-map <pairs...>'),
    ],
    examples: [
      'wirebook import declarations declared.json --dry-run',
      'wirebook import declarations declared --skip-missing',
      'wirebook import declarations declared.json --account-map vc-old=vc-new',
    ],
    run: (session, [path = ''], options) => importDeclarations(session, path, options),
  });
}
