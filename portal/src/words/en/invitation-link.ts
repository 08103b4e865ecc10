/** Of every invitation: the buttons that send it, and its link where it was not mailed. */
export const invitationLink = {
  send: 'Send invitation',
  cancel: 'Cancel',
  mailed: (email: string) => `The invitation is on its way to ${email}`,
  title: 'Pass this link on',
  text: (email: string) =>
    `No mail was sent. Send the link to ${email} yourself. It is shown only now, and works once. Whoever has it can accept.`,
  link: 'Link of the invitation',
  copy: 'Copy link',
  done: 'Done',
};
