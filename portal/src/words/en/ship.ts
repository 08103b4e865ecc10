export const ship = {
  title: 'Scan & ship',
};
