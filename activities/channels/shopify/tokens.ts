import { z } from 'zod';
import { ChannelError, type ChannelTools } from '../channel.ts';
import { classifyNetworkFailure, faultOfStatus } from '../safe-fetch.ts';
import { shopifyCredentials, type ShopifyCredentials } from './kind.ts';
import { parse } from './parse.ts';

export type Tokens = {
  /** Renews a token that has ended, or will end soon. */
  current(): Promise<string>;
  /** After the shop refused a token: the next one. @returns null where there is none to get, or the refused one is new */
  after(refused: string): Promise<string | null>;
};

/** A token is renewed this much before its end, so that it does not end during a call. */
const marginMs = 5 * 60_000;
/** Of a token whose answer has no end. Without this an app would never renew it. */
const usualSeconds = 3600;

/** The access tokens of a channel. Those that end are renewed by one worker at a time. */
export function createTokens(shop: string, given: unknown, tools: ChannelTools): Tokens {
  let raw = given;
  let renewing: Promise<string> | undefined;
  const renew = async () => {
    raw = await tools.renewCredentials(raw, (stored) => nextCredentials(shop, read(stored), tools));
    return tokenOf(read(raw));
  };
  // Calls at the same time wait for one renewal.
  const renewOnce = () => (renewing ??= renew());
  return {
    current: async () => {
      if (renewing) return renewing;
      const credentials = read(raw);
      return isFresh(credentials, tools.now()) ? tokenOf(credentials) : renewOnce();
    },
    after: async (refused) => {
      if (renewing || !('clientId' in read(raw))) return null;
      const next = await renewOnce();
      return next === refused ? null : next;
    },
  };
}

const read = (credentials: unknown): ShopifyCredentials => parse(shopifyCredentials, credentials, 'credentials');

function isFresh(credentials: ShopifyCredentials, now: Date): boolean {
  if (!('clientId' in credentials)) return true;
  const { accessToken, expiresAt } = credentials;
  if (accessToken === undefined) return false;
  return expiresAt === undefined || Date.parse(expiresAt) - marginMs > now.getTime();
}

function tokenOf({ accessToken }: ShopifyCredentials): string {
  if (accessToken === undefined) throw new ChannelError({ kind: 'auth_failed' });
  return accessToken;
}

const grantSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

/**
 * Gets the next token. A used refresh token works again until its successor is used, so a lost answer does no harm.
 * @throws ChannelError `auth_failed` where the shop does not give one
 * @see shopify.dev, "Offline access tokens", "Client credentials grant"
 */
async function nextCredentials(shop: string, stored: ShopifyCredentials, tools: ChannelTools): Promise<object> {
  if (!('clientId' in stored)) return stored;
  const { clientId, clientSecret, refreshToken } = stored;
  const grant = refreshToken
    ? { grant_type: 'refresh_token', refresh_token: refreshToken }
    : { grant_type: 'client_credentials' };
  const askedAt = tools.now().getTime();
  const answer = await post(shop, { client_id: clientId, client_secret: clientSecret, ...grant }, tools);
  const granted = grantSchema.safeParse(answer);
  if (!granted.success) throw new ChannelError({ kind: 'unavailable' });
  const { access_token: accessToken, refresh_token: nextRefreshToken, expires_in: seconds } = granted.data;
  return {
    ...stored,
    accessToken,
    ...(nextRefreshToken && { refreshToken: nextRefreshToken }),
    expiresAt: new Date(askedAt + (seconds ?? usualSeconds) * 1000).toISOString(),
  };
}

async function post(shop: string, body: object, tools: ChannelTools): Promise<unknown> {
  try {
    const response = await tools.fetch(`https://${shop}/admin/oauth/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal: tools.signal,
    });
    // Wrong secrets, an ended refresh token and a removed app are 400.
    if (response.status === 400) throw new ChannelError({ kind: 'auth_failed' });
    const fault = faultOfStatus(response, { wrote: false });
    if (fault) throw fault;
    return JSON.parse(await response.text()) as unknown;
  } catch (error) {
    throw classifyNetworkFailure(error, { wrote: false });
  }
}
