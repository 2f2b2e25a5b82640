import { boolean, dateTime, integer, moref, object, required, text, word, type Decoded } from '../shape.ts';
import { localizedFault } from './fault.ts';

/** `TaskInfo`. */
export const taskInfo = object({
  key: required(text),
  task: moref,
  /** The method that started it, e.g. `CloneVM_Task`. */
  name: word,
  /** What it does, e.g. `VirtualMachine.clone`. */
  descriptionId: word,
  /** What it was started on; of a clone the VM it is made from. */
  entity: moref,
  entityName: text,
  /** `queued`, `running`, `success`, `error`. */
  state: required(word),
  cancelled: boolean,
  cancelable: boolean,
  error: localizedFault,
  /** What it made, e.g. the new VM; the tasks that this client starts give references or nothing. */
  result: moref,
  /** Per cent, while it runs. */
  progress: integer,
  queueTime: dateTime,
  startTime: dateTime,
  completeTime: dateTime,
});
export type TaskInfo = Decoded<typeof taskInfo>;
