/** Of the key by which a shop signs: shorter ones can be guessed. Standard Webhooks, 1.0. */
const shortestKey = 24;

/** `whsec_` and base64, or (the companion plugin) the key itself. */
export function isStrongSecret(secret: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]*)={0,2}$/.exec(secret)?.[1];
  if (base64 !== undefined) return Math.floor((base64.length * 3) / 4) >= shortestKey;
  return !secret.startsWith('whsec_') && secret.length >= shortestKey;
}
