import { z } from 'zod';
import { scopes } from '../../domain/account.ts';
import { roles } from '../../domain/people.ts';
import { text, timeOut } from './common.ts';

/** It is read in lower case. */
export const email = z
  .string()
  .max(254)
  .regex(/^[^\x00-\x20\x7f@"<>,;:()]+@[^\x00-\x20\x7f@"<>,;:()]+$/, 'must be an e-mail address')
  .describe('An e-mail address. Capital and small letters are alike.')
  .transform((given) => given.toLowerCase());
/** Long passwords are hashed whole; the limit only bounds the work. */
const password = z.string().min(1).max(200);
const newPassword = password.describe('At least 12 characters, and none of the common passwords.');
const token = z.string().min(1).max(100).describe('What stands behind `#` in the link.');

const accountOfPerson = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    scopes: z.array(z.enum(scopes)).describe('All that the role may do.'),
    sells: z.boolean().describe('It has a shop of its own, or it is the merchant of a connection that has not ended.'),
    supplies: z.boolean().describe('It is the supplier of a connection that has not ended.'),
  })
  .meta({ id: 'AccountOfPerson' });

export const session = z
  .object({
    user: z.object({
      id: z.string(),
      name: z.string(),
      email: z.string(),
      staff: z
        .boolean()
        .describe('May use the account `operator`: it reads, resolves attentions and changes schedules.'),
      hasPassword: z.boolean(),
      needsCurrentPassword: z
        .boolean()
        .describe('Another password needs the present one. Not for 15 minutes after a sign-in by link.'),
    }),
    accounts: z.array(accountOfPerson),
  })
  .meta({ id: 'Session' });

export const signIn = z
  .strictObject({ email, password: password.describe('The present password.') })
  .meta({ id: 'SignIn' });
export const linkUse = z.strictObject({ token }).meta({ id: 'LinkUse' });
export const linkRequest = z.strictObject({ email }).meta({ id: 'LinkRequest' });
export const passwordChange = z
  .strictObject({
    currentPassword: password.optional().describe('Needed where the session says `needsCurrentPassword`.'),
    password: newPassword,
  })
  .meta({ id: 'PasswordChange' });
export const userChange = z
  .strictObject({ name: text(200).describe('How others see you.') })
  .meta({ id: 'UserChange' });

const device = z
  .object({
    id: z.string(),
    userAgent: z.string().nullable().describe('As the browser names itself.'),
    createdAt: timeOut,
    seenAt: timeOut.describe('The last use, to the minute.'),
    isCurrent: z.boolean().describe('This session asks.'),
  })
  .meta({ id: 'Device' });
export const devices = z.object({ data: z.array(device) }).meta({ id: 'Devices' });

export const invitationToken = token;
export const chosenPassword = newPassword;
