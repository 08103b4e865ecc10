export const password = {
  title: 'Your password',
  current: 'Present password',
  next: 'New password',
  hint: 'At least 12 characters. Three or four words are easy to remember.',
  save: 'Save password',
  saved: 'Password saved',
  savedHint: 'You are signed out everywhere else.',
};
