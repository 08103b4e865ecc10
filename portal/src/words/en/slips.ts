export const slips = {
  title: 'Packing slips',
};
