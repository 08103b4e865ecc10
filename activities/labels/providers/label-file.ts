import type { LabelProvider, ProviderTools } from '../provider.ts';
import { faultOfAnswer, faultOfFailure, unavailable } from './faults.ts';

const read = { wrote: false };

/**
 * Fetches a label's page from the link that the provider gave. The link leads anywhere, so only `tools.fetch` opens it.
 * @throws LabelError `unavailable` also for a dead link and for bytes that are no page
 */
export async function fetchFile(url: string, tools: ProviderTools): ReturnType<LabelProvider['fetchLabel']> {
  const response = await opened(url, tools);
  const { status, headers } = response;
  // 403 and 404 are how a store of files says that the link is dead; they say nothing of the credentials.
  if (status === 429) throw faultOfAnswer({ status, headers, body: undefined }, read) ?? unavailable();
  if (!response.ok) throw unavailable();
  const bytes = new Uint8Array(await response.arrayBuffer());
  const mediaType = mediaTypeOf(bytes);
  if (mediaType === undefined) throw unavailable();
  return { bytes, mediaType };
}

async function opened(url: string, { fetch, signal }: ProviderTools): Promise<Response> {
  try {
    return await fetch(url, { headers: { accept: 'image/png, application/pdf' }, signal });
  } catch (error) {
    throw faultOfFailure(error, read, signal);
  }
}

const beginnings = { 'image/png': '\x89PNG\r\n\x1a\n', 'application/pdf': '%PDF-' } as const;

/** By its first bytes: stores of files often send no type, or a wrong one. */
function mediaTypeOf(bytes: Uint8Array): keyof typeof beginnings | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  const types = Object.keys(beginnings) as (keyof typeof beginnings)[];
  return types.find((type) => start.startsWith(beginnings[type]));
}
