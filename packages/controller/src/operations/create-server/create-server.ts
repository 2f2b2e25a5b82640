import { operationKind, type OperationKind } from '../step.ts';
import { cloneStep } from './cloning.ts';
import { configureStep } from './configuring.ts';
import type { CreateFacts } from './facts.ts';
import { placeStep } from './placing.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './recording.ts';
import { cleanStep, customizeStep, powerOnStep, watchStep } from './starting.ts';

/** A server that comes up with its address, or nothing at all. */
export const createServer: OperationKind = operationKind<CreateFacts>(
  'create_server',
  [
    addressStep,
    placeStep,
    cloneStep,
    configureStep,
    recordStep,
    customizeStep,
    powerOnStep,
    watchStep,
    cleanStep,
  ],
  { hasMade: ({ vm }) => vm !== undefined },
);
