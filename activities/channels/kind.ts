import { z } from 'zod';
import { isPlain, textRule } from '../../domain/plain-text.ts';
import type { TaskType } from '../../domain/task.ts';

/** As the row has them. */
type Settings = Readonly<Record<string, unknown>>;

/** The address that a channel's calls go to, and the setting that has it. */
type Target = { url: string; setting: string };

/** By their names in lower case. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
/** '' for a header that is not there, or comes several times. */
export function headerOf(headers: WebhookHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
/** A message, which anybody may have sent. `read` parses its body by a schema within the API's limits: it throws the refusal. */
export type Delivery = {
  rawBody: Uint8Array;
  headers: WebhookHeaders;
  now: Date;
  read: <Body>(schema: z.ZodType<Body>) => Body;
};
/**
 * `deliveryId`: the same when the shop repeats a message, and no other message has it. `tasks`: those to run now. Their
 * intervals still cover lost messages. `event`: of the shop itself, not of its orders.
 */
export type WebhookEvent = {
  deliveryId: string;
  tasks: readonly TaskType[];
  remoteOrderIds: string[];
  event: ShopEvent | null;
};
/**
 * `ping`: the shop asks whether the address answers. `uninstalled`: our access has ended. The others are requests by law about
 * the data of a customer, or of the whole shop.
 */
export type ShopEvent = 'ping' | 'uninstalled' | 'customer_redact' | 'shop_redact' | 'data_request';

/** How a kind's shops sign and write their messages. A message is a hint: the task reads the shop. */
export type Webhooks = {
  /** Said in the API document: who sends them, and how they are signed. */
  text: string;
  /** `by_us`: `ensureWebhooks` makes them at the shop. `in_shop`: the shop's own plugin has our address in its settings. */
  made: 'by_us' | 'in_shop';
  /** `time`: the signature covers a time, so that a message sent late is refused. `body`: it covers the body alone. */
  signs: 'time' | 'body';
  /** Whether a genuine body could come with these headers now. Asked before a body is read. */
  fits(headers: WebhookHeaders, now: Date): boolean;
  /** From the opened credentials; none where the channel expects no messages. */
  secretsOf(credentials: unknown): string[];
  /** @returns null for a message that none of the secrets has signed */
  read(delivery: Delivery, secrets: readonly string[]): WebhookEvent | null;
};

/** What the API knows of a kind of shop. It is pure: it opens no channel and calls nobody. */
export type ShopDescription = {
  /** For people: of the kind, its settings and its credentials, and what its shops cannot do. */
  texts: { kind: string; settings: string; credentials: string; limits: string };
  /** What the credentials must allow, by the shop's own names. */
  permissions: readonly { name: string; why: string }[];
  /** What a person does in the shop to give us a permission. */
  fixOf(permission: string): string;
  /** As a person enters them. Those that accept nothing at all may be left out. */
  settings: z.ZodType<Settings>;
  credentials: z.ZodType<Settings>;
  /** The settings that answers show. The others are secret: they are sealed with the credentials. */
  publicSettings: z.ZodObject;
  /** @returns undefined where the channel calls nobody */
  target(settings: Settings): Target | undefined;
  /** The setting that chooses the location whose stock is written. Left out: the kind has no locations. */
  locationSetting?: string;
  /** null: its shops send none. */
  webhooks: Webhooks | null;
};

/** The target of a kind whose address is one of its settings. */
export const targetAt =
  (setting: string) =>
  (settings: Settings): Target | undefined => {
    const url = settings[setting];
    return typeof url === 'string' ? { url, setting } : undefined;
  };

/** For a value that no answer shows: a form hides what is typed. Merged with the description that comes after it. */
export const writeOnly = { writeOnly: true } as const;

/** A line of text that is not blank. The pattern is not in the API document: RE2 has no lookahead. */
export const text = (maximum: number) => z.string().max(maximum).refine(isPlain, textRule).meta({ minLength: 1 });

/** Of a kind whose shops may have several locations. */
export const stockLocationId = text(100)
  .optional()
  .describe('The stock location that we write. Left out: the only one; where there are several, no stock is written.');

export const importFrom = z.iso
  .datetime({ offset: true })
  .max(40)
  .optional()
  .describe('Imports the orders placed since then. Left out: those placed since the channel was added.');

/** Of a kind whose orders may be imported before they are paid. */
export const importWhen = z
  .enum(['paid', 'placed'])
  .optional()
  .describe(
    '`paid`: an order is imported once it is paid. `placed`: as soon as it is placed, as for cash on delivery. Left out: `paid`.',
  );
export type ImportWhen = z.infer<typeof importWhen>;

/** An address of a shop or of an endpoint. Whether we may call it is checked by the API, and at each call. */
export const url = z.url().max(500);
