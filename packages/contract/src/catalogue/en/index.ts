import { actions } from './actions.ts';
import { attention } from './attention.ts';
import { cli } from './cli/index.ts';
import { compare } from './compare.ts';
import { demo } from './demo.ts';
import { evidence } from './evidence.ts';
import { fields } from './fields.ts';
import { importFields, imports } from './imports.ts';
import { findings } from './findings.ts';
import { kinds } from './kinds.ts';
import { mending } from './mending.ts';
import { obstacles } from './obstacles.ts';
import { operations } from './operations.ts';
import { page } from './page/index.ts';
import { problems } from './problems.ts';
import { proposals } from './proposals.ts';
import { reasons } from './reasons.ts';
import { unbuilt } from './unbuilt.ts';
import { search } from './search.ts';
import { why } from './why.ts';
import { wires } from './wires.ts';

export const en = {
  actions,
  attention,
  cli,
  compare,
  demo,
  evidence,
  fields: { ...fields, ...importFields },
  imports,
  findings,
  kinds,
  mending,
  obstacles,
  operations,
  page,
  problems,
  proposals,
  reasons,
  unbuilt,
  search,
  why,
  wires,
} as const;
