import type { Words } from './en.ts';
import { activity } from './de/activity.ts';
import { attention } from './de/attention.ts';
import { channels } from './de/channels.ts';
import { common } from './de/common.ts';
import { frame } from './de/frame.ts';
import { inventory } from './de/inventory.ts';
import { invitation } from './de/invitation.ts';
import { invitationLink } from './de/invitation-link.ts';
import { keys } from './de/keys.ts';
import { labels } from './de/labels.ts';
import { merchantOrder } from './de/merchant-order.ts';
import { merchants } from './de/merchants.ts';
import { order } from './de/order.ts';
import { orders } from './de/orders.ts';
import { paper } from './de/paper.ts';
import { password } from './de/password.ts';
import { people } from './de/people.ts';
import { products } from './de/products.ts';
import { profile } from './de/profile.ts';
import { roles } from './de/roles.ts';
import { schedules } from './de/schedules.ts';
import { ship } from './de/ship.ts';
import { signIn } from './de/sign-in.ts';
import { status } from './de/status.ts';
import { suppliers } from './de/suppliers.ts';
import { support } from './de/support.ts';
import { tasks } from './de/tasks.ts';
import { upload } from './de/upload.ts';

export const de: Words = {
  activity,
  attention,
  channels,
  common,
  frame,
  inventory,
  invitation,
  invitationLink,
  keys,
  labels,
  merchantOrder,
  merchants,
  order,
  orders,
  paper,
  password,
  people,
  products,
  profile,
  roles,
  schedules,
  ship,
  signIn,
  status,
  suppliers,
  support,
  tasks,
  upload,
};
