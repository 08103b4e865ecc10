export const merchants = {
  title: 'Merchants',
};
