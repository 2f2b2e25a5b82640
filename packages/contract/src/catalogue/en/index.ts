import { attention } from './attention.ts';
import { cli } from './cli.ts';
import { fields } from './fields.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';

export const en = { attention, cli, fields, problems, reasons } as const;
