import { createTransport } from 'nodemailer';

export type Mail = { to: string; subject: string; text: string };
/** Rejects where the server did not accept the mail. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void };

/** @param options.url such as `smtps://user:secret@mail.example`; `from`: the address of the sender */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });
  return {
    send: async ({ to, subject, text }) => {
      // An object, so that an e-mail is one address and never a list of them.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, disableFileAccess: true, disableUrlAccess: true }); // prettier-ignore
    },
    close: () => transport.close(),
  };
}
