import { activity } from './en/activity.ts';
import { attention } from './en/attention.ts';
import { channels } from './en/channels.ts';
import { common } from './en/common.ts';
import { frame } from './en/frame.ts';
import { inventory } from './en/inventory.ts';
import { invitation } from './en/invitation.ts';
import { invitationLink } from './en/invitation-link.ts';
import { keys } from './en/keys.ts';
import { labels } from './en/labels.ts';
import { merchantOrder } from './en/merchant-order.ts';
import { merchants } from './en/merchants.ts';
import { order } from './en/order.ts';
import { orders } from './en/orders.ts';
import { paper } from './en/paper.ts';
import { password } from './en/password.ts';
import { people } from './en/people.ts';
import { products } from './en/products.ts';
import { profile } from './en/profile.ts';
import { roles } from './en/roles.ts';
import { schedules } from './en/schedules.ts';
import { ship } from './en/ship.ts';
import { signIn } from './en/sign-in.ts';
import { status } from './en/status.ts';
import { suppliers } from './en/suppliers.ts';
import { support } from './en/support.ts';
import { tasks } from './en/tasks.ts';
import { upload } from './en/upload.ts';

/** Every sentence of the portal, by screen. A sentence with values is a function. */
export const en = {
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

export type Words = typeof en;
