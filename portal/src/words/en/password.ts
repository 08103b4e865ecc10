export const password = {
  title: 'Password',
};
