import { isPng } from '../../../domain/paper/image-parts.ts';
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

/** By its first bytes: stores of files often send no type, or a wrong one. */
function mediaTypeOf(bytes: Uint8Array): 'image/png' | 'application/pdf' | undefined {
  if (isPng(bytes)) return 'image/png';
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-' ? 'application/pdf' : undefined;
}
