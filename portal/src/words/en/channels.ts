export const channels = {
  title: 'Sales channels',
};
