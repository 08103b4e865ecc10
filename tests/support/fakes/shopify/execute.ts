import {
  defaultFieldResolver,
  execute,
  getDirectiveValues,
  getNamedType,
  GraphQLError,
  isObjectType,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
} from 'graphql';
import { adminSchema, scopesOf } from './admin-schema.ts';
import { documentedCost } from './cost.ts';
import type { createMutations } from './mutations.ts';
import type { createQueries } from './queries.ts';
import { ShopRefusal, type Viewer } from './model.ts';
import type { Bucket } from './points.ts';

export type Body = { query: string; variables?: Record<string, unknown> };
type Parts = {
  queries: ReturnType<typeof createQueries>;
  mutations: ReturnType<typeof createMutations>;
  bucket: Bucket;
};

/** Runs a document as the shop does: validated, paid with points, within the scopes of the token. Errors are HTTP 200. */
export function createExecutor(parts: Parts) {
  const once = createReplays();
  return async ({ query, variables = {} }: Body, viewer: Viewer): Promise<object> => {
    const document = parsed(query);
    const faults = document instanceof GraphQLError ? [document] : validate(adminSchema, document);
    if (document instanceof GraphQLError || faults.length > 0)
      return { errors: faults.map(({ message }) => ({ message, extensions: { code: 'undefinedField' } })) };
    const cost = documentedCost(document, variables);
    const refusal = parts.bucket.refusalOf(cost);
    if (refusal) return refusal;
    const counted = { objects: 0 };
    const fieldResolver = resolverFor({ ...parts, viewer, once, counted });
    const { data, errors } = await execute({ schema: adminSchema, document, variableValues: variables, fieldResolver });
    return {
      ...(errors && { errors: errors.map(({ message, extensions }) => ({ message, extensions })) }),
      data: data ?? null,
      extensions: parts.bucket.pay({ requested: cost, actual: Math.min(cost, 10 + counted.objects) }),
    };
  };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error as GraphQLError;
  }
}

/** `counted`: the objects that were shown; a query pays for those alone. */
type Context = Parts & { viewer: Viewer; once: ReturnType<typeof createReplays>; counted: { objects: number } };
type Args = Record<string, unknown>;

/** Each field but those of the roots is a value, or a function, of what the shop shows. */
function resolverFor({
  queries,
  mutations,
  viewer,
  once,
  counted,
}: Context): GraphQLFieldResolver<unknown, unknown, Args> {
  return (...[source, args, context, info]) => {
    assertScope(info, viewer);
    const { fieldName, parentType } = info;
    if (isObjectType(getNamedType(info.returnType))) counted.objects += 1;
    if (parentType === adminSchema.getQueryType()) {
      const query = queries[fieldName as keyof typeof queries] as unknown as
        ((given: Args, by: Viewer) => unknown) | undefined;
      if (!query) throw new Error(`The simulator does not have ${fieldName}.`);
      return query(args, viewer);
    }
    if (parentType !== adminSchema.getMutationType()) return defaultFieldResolver(source, args, context, info);
    const mutation = mutations[fieldName as keyof typeof mutations] as unknown as ((given: Args) => object) | undefined;
    if (!mutation) throw new Error(`The simulator does not have ${fieldName}.`);
    return once(info, args, () => ({ ...mutation(args), userErrors: [] }));
  };
}

/** The file has the scopes of the roots' fields; `orders` and `order` are not among them. */
function assertScope({ fieldName, parentType }: GraphQLResolveInfo, { scopes }: Viewer): void {
  const isRoot = parentType === adminSchema.getQueryType() || parentType === adminSchema.getMutationType();
  if (!isRoot && parentType.name !== 'Order') return;
  const isOrder = isRoot && ['order', 'orders'].includes(fieldName);
  const needed = isOrder ? ['read_orders'] : scopesOf(parentType.name, fieldName);
  if (needed.length === 0 || needed.some((scope) => scopes.includes(scope))) return;
  throw new GraphQLError(`Access denied for ${fieldName} field.`, { extensions: { code: 'ACCESS_DENIED' } });
}

/** Mutations that need a key by which the shop knows a repeat. */
const keyed = new Set(['inventorySetQuantities', 'inventoryActivate']);

type Replay = { digest: string; answer: object | null };

/** Answers a repeat of a key with its first answer, and a refusal as the mutations do. Unverified: the wording. */
function createReplays() {
  const replays = new Map<string, Replay>();
  const refusal = (code: string) => ({ userErrors: [{ field: null, code, message: code }] });
  return (info: GraphQLResolveInfo, args: object, work: () => object): object => {
    const directive = adminSchema.getDirective('idempotent');
    const given = directive && getDirectiveValues(directive, info.fieldNodes[0]!, info.variableValues);
    const key = given?.['key'] as string | undefined;
    if (keyed.has(info.fieldName) && key === undefined)
      throw new GraphQLError('The @idempotent directive is required.', { extensions: { code: 'BAD_REQUEST' } });
    const digest = info.fieldName + JSON.stringify(args);
    const before = key === undefined ? undefined : replays.get(key);
    if (before && before.digest !== digest) return refusal('IDEMPOTENCY_KEY_PARAMETER_MISMATCH');
    if (before) return before.answer ?? refusal('IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED');
    const remember = (answer: object | null) => key !== undefined && replays.set(key, { digest, answer });
    try {
      const answer = work();
      remember(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof ShopRefusal)) throw error;
      remember(null);
      return { userErrors: error.errors };
    }
  };
}
