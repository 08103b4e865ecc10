export const invitation = {
  title: 'Invitation',
  to: {
    member: (name: string) => `Join ${name}`,
    supplier: (name: string) => `Ship for ${name}`,
    merchant: (name: string) => `Sell what ${name} ships`,
  },
  about: {
    member: (name: string) => `${name} invites you to work in its account.`,
    supplier: (name: string) =>
      `${name} invites you as its supplier. Its orders for you arrive here; you ship them and it sees your tracking.`,
    merchant: (name: string) => `${name} invites you as its merchant. It ships the orders that you give to it.`,
  },
  invalid: 'An invitation works once, for 7 days. Ask whoever invited you for a new one.',
  name: 'Your name',
  company: 'Your company',
  newCompany: 'Another company',
  accountName: 'Name of your company',
  accountNameHint: 'Your partners see it.',
  password: 'Choose a password',
  knownHint: 'You have a sign-in here already. Type its password.',
  accept: 'Accept invitation',
};
