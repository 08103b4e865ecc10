export const schedules = {
  title: 'Schedules',
  empty: 'Being set up',
  emptyHint: 'The schedules are here in a few seconds.',
  none: 'Nothing runs by itself here',
  noneHint: 'Your code posts the orders and reads the shipments when it wants to.',
  columns: { task: 'Task', interval: 'Runs', next: 'Next run', last: 'Last run', isOn: 'On', now: 'Now' },
  intervals: {
    instant: 'At once',
    '10m': 'Every 10 minutes',
    '1h': 'Every hour',
    '6h': 'Every 6 hours',
    '24h': 'Every day',
  },
  byHand: 'Set by hand',
  intervalOf: (task: string) => `How often ${task} runs`,
  paused: 'Paused',
  never: 'Not yet',
  isOn: (task: string) => `${task} runs by itself`,
  runNow: 'Run now',
  runNowOf: (task: string) => `Run now: ${task}`,
  changed: (task: string, interval: string) => `${task}: ${interval}`,
  nowPaused: (task: string) => `${task} is paused`,
  nowPausedText: 'Sync and Run now still run it.',
  nowOn: (task: string) => `${task} runs by itself again`,
  cancels: {
    shop: 'Take over what the shop cancels',
    shopHint:
      'An order that is cancelled in the shop is cancelled here. Where a supplier has it, the supplier is asked. Off: you cancel here yourself.',
    merchant: 'Take over what the merchant cancels',
    merchantHint:
      'Units that the merchant asks to cancel are cancelled here at once, unless they are shipped. Off: you accept or decline each request.',
  },
};
