import { partners } from './partners.ts';

export const merchants = {
  ...partners,
  title: 'Merchants',
  sub: 'Companies that you ship for',
  invite: 'Invite merchant',
  columns: { name: 'Merchant', since: 'Connected', status: 'Status', actions: 'Actions' },
  proposedByThem: (name: string) => `${name} wants you to ship for it`,
  empty: 'No merchant yet',
  emptyHint: 'A merchant would be here: its orders for your products come in by themselves, and you ship them.',
  accepted: (name: string) => `${name} is your merchant now`,
  inviting: {
    title: 'Invite a merchant',
    text: 'They sign up by a link and are connected with you at once. They choose which orders go to you.',
    email: 'E-mail of the merchant',
  },
  one: {
    ...partners.one,
    back: 'Merchants',
    orders: 'Show its orders',
    settingUp: 'Being set up',
    settingUpText: 'The connection is being made on both sides. This takes some seconds.',
    pendingTitle: (name: string) => `${name} wants you to ship for it`,
    pendingText: 'Once you accept, its orders for your products come in by themselves.',
    pendingYours: (name: string) => `${name} has not answered yet`,
    declinedTitle: 'This connection was declined',
    paused: 'Paused: nothing new comes in',
    pausedText: (name: string) =>
      `Orders of ${name} that you have go on, and your tracking numbers go back. New orders wait there until you resume.`,
    endedText: (name: string) => `No new order of ${name} comes in. What you have, you may still ship.`,
    pauseText: (name: string) =>
      `No new order of ${name} comes in until you resume. Orders that you have go on. You can resume at any time.`,
    pauseConfirm: 'Pause merchant',
    endList: [
      'No new order of this merchant comes in.',
      'Orders that you have are finished: you may ship, and the tracking numbers go back.',
      'Your stock is no longer offered in its shops.',
      'It cannot be taken back. To work together again, one of you invites the other anew.',
    ],
    isResumed: (name: string) => `New orders of ${name} come in again`,
  },
};
