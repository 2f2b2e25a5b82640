import { attention } from './attention.ts';
import { cli } from './cli.ts';
import { demo } from './demo.ts';
import { fields } from './fields.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';

export const zh = { attention, cli, demo, fields, problems, reasons } as const;
