export const roles = {
  viewer: 'Viewer',
  packer: 'Packer',
  member: 'Member',
  admin: 'Admin',
  viewerHint: 'Sees everything, changes nothing.',
  packerHint: 'Sees everything, ships orders and answers merchants.',
  memberHint: 'Ships, and changes orders, products, stock and schedules.',
  adminHint: 'Does everything, and manages people, keys, channels and connections.',
};
