import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { cellText } from '../output/cells.ts';
import { columnTitle, printObject } from '../output/print.ts';
import { formatTable } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

export function addStatusCommand(program: Command, shell: Shell): void {
  addVerb(program, shell, {
    name: 'status',
    key: 'status',
    examples: ['wirebook status', 'wirebook status -o json'],
    run: async (session) => {
      const { printer, terminal, t } = session;
      const status = dataOf(await session.api.GET('/api/v1/status'), t);
      if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, status);
      const [head = ['', ''], ...rows] = Object.entries({
        version: status.version,
        startedAt: status.startedAt,
        ...status.counts,
      }).map(([field, value]) => [columnTitle(field, t), cellText(value, t)]);
      terminal.out.write(formatTable({ head, rows, columns: terminal.out.columns }));
      if (status.attention.length === 0) return;
      terminal.out.write(`\n${t('cli.status.attention')}\n`);
      for (const { text, remedy } of status.attention)
        terminal.out.write(`- ${visible(text)}\n  ${t('cli.problem.remedy')}: ${visible(remedy)}\n`);
    },
  });
}
