export const roles = {
  viewer: 'Viewer',
  packer: 'Packer',
  member: 'Member',
  admin: 'Admin',
  viewerHint: 'Sees everything, changes nothing.',
  packerHint: 'Ships, accepts and rejects orders.',
  memberHint: 'Works with orders, stock and products.',
  adminHint: 'Also people, keys and connections.',
};
