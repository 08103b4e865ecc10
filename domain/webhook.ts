import type { TaskType } from './task.ts';

/** Events of a shop after which there may be an order to import. */
const importing = ['order.placed', 'order.paid'];

/** What a shop's message makes us run; `null` for one that waits for its task. A webhook is a hint, never the truth. */
export const taskOfEvent = (type: string): Extract<TaskType, 'import_orders'> | null =>
  importing.includes(type) ? 'import_orders' : null;
