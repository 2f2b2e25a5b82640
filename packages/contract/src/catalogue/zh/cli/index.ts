import { columns } from './columns.ts';
import { commands } from './commands.ts';
import { exports } from './exports.ts';
import { groups } from './groups.ts';
import { messages } from './messages.ts';
import { operations } from './operations.ts';
import { options } from './options.ts';

/** 命令行的文字。 */
export const cli = {
  ...commands,
  ...options,
  ...columns,
  ...messages,
  ...exports,
  ...groups,
  ...operations,
} as const;
