import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ChannelError, type ChannelTools, type Fault } from '../channel.ts';
import { classifyNetworkFailure, faultOfStatus } from '../safe-fetch.ts';

/** `missing`: what the shop's ENTITY_NOT_FOUND means here. */
type Request<Data> = {
  document: string;
  variables?: Record<string, unknown>;
  answer: z.ZodType<Data>;
  missing?: Extract<Fault, { kind: 'gone' }>['what'];
};
type Attempt<Data> = { data: Data } | { fault: Fault };

export type VendureApi = {
  /** Returns refusals of the shop as well. @throws ChannelError only when there is no answer, or no access */
  attempt<Data>(request: Request<Data>): Promise<Attempt<Data>>;
  /** @throws ChannelError for refusals as well */
  call<Data>(request: Request<Data>): Promise<Data>;
  /** The shop's clock as of its latest answer; our clock if its answers have no date. */
  shopNow(): Date;
};

export type Login = { username: string; password: string } | { apiKey: string };
/** Session tokens by login, shared by the channels of a process, since a login takes the shop a quarter of a second. */
export type Sessions = Map<string, string>;
const maximumSessions = 1000;

type Access = { url: string; login: Login; sessions: Sessions };
type Answer = { data?: unknown; errors?: { code: string }[] };

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ extensions: z.object({ code: z.string().catch('') }).catch({ code: '' }) }))
    .transform((errors) => errors.map(({ extensions }) => extensions))
    .optional(),
});
const loginDocument = `mutation ($username: String!, $password: String!) {
  login(username: $username, password: $password) { __typename } }`;
const loginSchema = z.object({ data: z.object({ login: z.object({ __typename: z.string() }) }) });

/** The shop's admin API, with sessions and classified faults. It retries only a call that had an expired session. */
export function createVendureApi(access: Access, tools: ChannelTools): VendureApi {
  let shopTime: Date | undefined;
  const post = async (body: object, headers: Record<string, string>) => {
    const wrote = isMutation(body);
    const response = await send({ url: access.url, body, headers }, tools, wrote);
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) shopTime = new Date(date);
    return { answer: await readAnswer(response, wrote), response };
  };
  const session = createSession(access, post);

  const attempt = async <Data>(request: Request<Data>): Promise<Attempt<Data>> => {
    const body = { query: request.document, variables: request.variables ?? {} };
    const headers = await session.headers();
    let { answer } = await post(body, headers);
    // Vendure checks permissions before it runs the resolver, so the call had no effect and may be repeated.
    if (isForbidden(answer) && session.renew(headers)) ({ answer } = await post(body, await session.headers()));
    if (isForbidden(answer)) throw new ChannelError({ kind: 'auth_failed' });
    return toAttempt(answer, request);
  };

  return {
    attempt,
    async call(request) {
      const result = await attempt(request);
      if ('fault' in result) throw new ChannelError(result.fault);
      return result.data;
    },
    shopNow: () => shopTime ?? tools.now(),
  };
}

type Post = (body: object, headers: Record<string, string>) => Promise<{ answer: Answer; response: Response }>;

function createSession({ url, login, sessions }: Access, post: Post) {
  if ('apiKey' in login) {
    return { headers: async () => ({ 'vendure-api-key': login.apiKey }), renew: () => false };
  }
  // A digest, so that the map, which lives as long as the process, holds no password.
  const key = createHash('sha256').update([url, login.username, login.password].join('\n')).digest('hex');
  let opening: Promise<string> | undefined;
  const open = async () => {
    const { answer, response } = await post({ query: loginDocument, variables: login }, {});
    const result = loginSchema.safeParse(answer);
    const token = response.headers.get('vendure-auth-token');
    if (!result.success) throw new ChannelError({ kind: 'unavailable' });
    if (result.data.data.login.__typename !== 'CurrentUser' || !token) throw new ChannelError({ kind: 'auth_failed' });
    remember(sessions, key, token);
    return token;
  };
  return {
    headers: async () => {
      const token = opening ? await opening : (sessions.get(key) ?? (await (opening = open())));
      return { authorization: `Bearer ${token}` };
    },
    /** @returns whether a new login may help: the refused session came from an earlier channel, not from our own login */
    renew: (refused: Record<string, string>) => {
      if (refused['authorization'] === `Bearer ${sessions.get(key)}`) sessions.delete(key);
      return opening === undefined;
    },
  };
}

function remember(sessions: Sessions, key: string, token: string): void {
  const [oldest] = sessions.keys();
  if (sessions.size >= maximumSessions && oldest) sessions.delete(oldest);
  sessions.set(key, token);
}

/** A login is a GraphQL mutation, but has no effect in the shop, so a lost answer leaves no doubt. */
function isMutation(body: object): boolean {
  return 'query' in body && body.query !== loginDocument && String(body.query).startsWith('mutation');
}

type Outgoing = { url: string; body: object; headers: Record<string, string> };

async function send({ url, body, headers }: Outgoing, tools: ChannelTools, wrote: boolean): Promise<Response> {
  try {
    return await tools.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: tools.signal,
    });
  } catch (error) {
    throw classifyNetworkFailure(error, { wrote });
  }
}

/** Apollo answers with 400 and a list of errors when a document does not fit the shop's schema. */
async function readAnswer(response: Response, wrote: boolean): Promise<Answer> {
  const fault = faultOfStatus(response, { wrote });
  if (fault && response.status !== 400) throw fault;
  let content: unknown;
  try {
    content = JSON.parse(await response.text());
  } catch (error) {
    if (isOurAbort(error)) throw error;
    throw fault ?? inDoubt(wrote);
  }
  const parsed = answerSchema.safeParse(content);
  if (!parsed.success) throw fault ?? inDoubt(wrote);
  const { data, errors } = parsed.data;
  return errors ? { data, errors } : { data };
}

/** Our own cancellation while the body is read is no fault of the shop. */
const isOurAbort = (error: unknown): boolean => (error as { name?: unknown }).name === 'AbortError';

const inDoubt = (wrote: boolean) => new ChannelError({ kind: wrote ? 'unknown_outcome' : 'unavailable' });

function isForbidden({ errors = [] }: Answer): boolean {
  return errors.some(({ code }) => code === 'FORBIDDEN' || code === 'UNAUTHORIZED');
}

const refusals = new Set(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_USER_INPUT', 'USER_INPUT_ERROR']);

function toAttempt<Data>({ data, errors = [] }: Answer, request: Request<Data>): Attempt<Data> {
  const wrote = request.document.startsWith('mutation');
  const codes = errors.map(({ code }) => code);
  const refusal = codes.find((code) => refusals.has(code));
  // A shop whose schema differs refuses the document, whatever its variables.
  const field = refusal?.startsWith('GRAPHQL_') ? 'document' : 'request';
  if (refusal) return { fault: { kind: 'invalid', field, code: refusal.toLowerCase() } };
  if (request.missing && codes.includes('ENTITY_NOT_FOUND')) return { fault: { kind: 'gone', what: request.missing } };
  const parsed = request.answer.safeParse(data);
  if (errors.length === 0 && parsed.success) return { data: parsed.data };
  return { fault: { kind: wrote ? 'unknown_outcome' : 'unavailable' } };
}
