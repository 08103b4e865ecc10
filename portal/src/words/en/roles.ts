export const roles = {
  viewer: 'Viewer',
  packer: 'Packer',
  member: 'Member',
  admin: 'Admin',
  viewerHint: 'Sees everything, changes nothing.',
  packerHint: 'Also ships orders, accepts and rejects them, and answers cancel requests.',
  memberHint: 'Also changes orders, products, stock and schedules.',
  adminHint: 'Also manages people, API keys, channels and connections.',
};
