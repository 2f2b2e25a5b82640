import { attachNic } from './change-server/attach-nic.ts';
import { changeNic } from './change-server/change-nic.ts';
import { deleteServer } from './change-server/delete-server.ts';
import { detachNic } from './change-server/detach-nic.ts';
import { createServer } from './create-server/create-server.ts';
import type { OperationKind } from './step.ts';

/** Everything that Wirebook does in vCenter step by step. */
export const operationKinds: readonly OperationKind[] = [
  createServer,
  deleteServer,
  attachNic,
  detachNic,
  changeNic,
];
