export const signIn = {
  title: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  submit: 'Sign in',
  byLink: 'E-mail me a sign-in link',
  linkSent: 'If this e-mail belongs to somebody here, a link is on its way. It works for 15 minutes, once.',
  forgotten: 'No password yet? Open the link in your invitation, or ask for a sign-in link by e-mail.',
  emailFirst: 'Type your e-mail first.',
  pitch: 'Orders reach whoever ships them. Tracking comes back by itself.',
  points: [
    'Only the lines that are yours, in one queue',
    'One tracking number, with the merchant and in its shop in seconds',
    'Your stock in every shop, no unit counted twice',
  ],
  present: (email: string) =>
    `You are signed in as ${email}. The link may be another person’s: go on only where you expect it.`,
  useLink: 'Sign in by the link',
  stay: 'Stay signed in as you are',
  signingIn: 'Signing in…',
  linkFailed: 'This link does not work any more',
  linkFailedHint: 'A link works once, and for a short time. Ask for a new one, or sign in with your password.',
  toSignIn: 'Go to sign-in',
};
