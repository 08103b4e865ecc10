import { z } from 'zod';
import type { ListedAttention } from '../../db/attention-subjects.ts';
import type { Attention, AttentionGroup } from '../../db/attentions.ts';
import {
  hintFor,
  parkingSteps,
  possibleActions,
  resolutionActions,
  resolutionReasons,
} from '../../domain/attention.ts';
import { errorCodes } from '../../domain/errors.ts';
import { problemOf, toRefusal, type Problem } from '../plugins/problems.ts';
import { batchResults, idOf, longText, pageQuery, text, time, timeOut } from './common.ts';
import { counterpartOf } from './counterpart.ts';

const action = z.enum(resolutionActions);
const reason = z.enum(resolutionReasons);
const code = z.enum(errorCodes);

export const attention = z
  .object({
    id: z.string(),
    orderId: z.string().optional(),
    listingId: z
      .string()
      .optional()
      .describe('The listing whose SKU changed; its `skuChanged` says from what to what.'),
    dropshipId: z.string().optional(),
    channelId: z.string().optional(),
    workflowId: z
      .string()
      .optional()
      .describe('The workflow that waits; left out where the order waits without a workflow.'),
    step: z.enum(parkingSteps),
    code,
    since: timeOut,
    hint: z.string(),
    actions: z.array(action).describe('The possible decisions.'),
    lines: z
      .array(
        z.object({
          orderId: z.string().describe('The order, or its leaf, that the line is on.'),
          lineId: z.string(),
          remoteLineId: z.string().describe("The channel's id of the line."),
          remoteProductId: z.string().optional().describe("The channel's id of the product, where it names one."),
          sku: z.string().describe('As the channel has it; empty where it has none.'),
          name: z.string().describe("The channel's text of the line."),
        }),
      )
      .optional()
      .describe(
        'With `unmapped_sku`, in your own account: the lines that mean no product of yours. Choose one for each.',
      ),
  })
  .meta({ id: 'OrderAttention' });

/** Of a list, where its order is not around it. */
export const listedAttention = attention
  .extend({
    accountId: z.string().optional().describe('Whose it is; only for the operator.'),
    accountName: z.string().optional().describe('Only for the operator.'),
    orderNumber: z.string().nullable().describe('Null for a listing.'),
    orderSide: z
      .enum(['selling', 'supplying'])
      .nullable()
      .describe('`supplying`: the order came from a merchant who is connected. Null for a listing.'),
    sku: z.string().nullable().describe("Of the listing, or of the order's first line. Null for the operator."),
    counterpart: counterpartOf(
      'Of an order that you supply: its merchant. Of an order that a supplier ships: the supplier. Else null.',
    ),
    workflowUrl: z
      .string()
      .optional()
      .describe('The page of the workflow in the Temporal UI; only for the operator, where `TEMPORAL_UI_URL` is set.'),
  })
  .meta({ id: 'Attention' });

export function toAttention(row: Attention): z.input<typeof attention> {
  const { id, orderId, listingId, dropshipId, channelId, workflowId, step, code: cause, since } = row;
  return {
    id,
    ...(orderId !== null && { orderId }),
    ...(listingId !== null && { listingId }),
    ...(dropshipId !== null && { dropshipId }),
    ...(channelId !== null && { channelId }),
    ...(workflowId !== null && { workflowId }),
    step,
    code: cause,
    since,
    hint: hintFor(cause),
    actions: [...possibleActions[step]],
    ...(row.lines && { lines: row.lines.map(toUnmapped) }),
  };
}

/** @param workflowUrl makes the address of a workflow's page, for the operator */
export function toListed(
  { about, ...row }: ListedAttention,
  workflowUrl: (workflowId: string) => string | undefined,
): z.input<typeof listedAttention> {
  const { accountName, ...rest } = about;
  const url = row.workflowId === null ? undefined : workflowUrl(row.workflowId);
  return {
    ...toAttention(row),
    ...rest,
    ...(accountName !== null && {
      accountId: row.accountId,
      accountName,
      ...(url !== undefined && { workflowUrl: url }),
    }),
  };
}

const toUnmapped = (line: NonNullable<Attention['lines']>[number]) => ({
  orderId: line.orderId,
  lineId: line.lineId,
  remoteLineId: line.remoteLineId,
  ...(line.remoteProductId !== null && { remoteProductId: line.remoteProductId }),
  sku: line.sku,
  name: line.name,
});

const ofAccount = idOf('acct').optional().describe('Only those of this account; for the operator.');
const filter = {
  code: code.optional().describe('Only those with this cause.'),
  channelId: idOf('chan').optional().describe('Only those of this channel.'),
  accountId: ofAccount,
};
export const attentionQuery = pageQuery.extend({
  ...filter,
  olderThan: time.optional().describe('Only those that wait since before this time.'),
  q: text(200).optional().describe('The number of an order, or how it begins.'),
});
export const summaryQuery = z.strictObject(filter);

const decision = {
  action: action.describe('One of the `actions` of the attention.'),
  reason: reason.describe('Why you decide so.'),
  note: longText(1_000).optional().describe('Stored on your own timeline.'),
};
export const resolution = z
  .strictObject({
    ...decision,
    productId: idOf('prod')
      .optional()
      .describe('Only with `relink`: the product of the listing from now on. Without it: the product of the new SKU.'),
  })
  .refine(({ action: chosen, productId }) => productId === undefined || chosen === 'relink', {
    path: ['productId'],
    message: 'is only for the action relink',
  })
  .meta({ id: 'Resolution' });
/** `productId`: only where one attention is decided. */
export type ResolutionBody = z.output<typeof resolution>;

export const resolutionByFilter = z
  .strictObject({
    filter: z
      .strictObject(filter)
      .refine((given) => Object.keys(given).length > 0, 'must name a code, a channelId or an accountId')
      .describe('Which attentions.'),
    after: idOf('att').optional().describe('The last `id` of the previous results: goes on after it.'),
    ...decision,
  })
  .meta({ id: 'ResolutionByFilter' });

export const resolvedByFilter = batchResults
  .extend({
    left: z.int().describe('The number of other attentions that match: repeat the request for them.'),
  })
  .meta({ id: 'ResolvedByFilter' });

export const attentionSummary = z
  .object({
    data: z.array(
      z.object({
        code,
        accountId: z.string().optional().describe('Only for the operator, who gets the groups of each account.'),
        accountName: z.string().optional().describe('Only for the operator.'),
        channelId: z.string().optional().describe('Left out where no channel is the cause.'),
        steps: z.array(z.enum(parkingSteps)),
        count: z.int(),
        since: timeOut.describe('Since when the oldest of them waits.'),
        hint: z.string(),
      }),
    ),
  })
  .meta({ id: 'AttentionSummary' });

/** @param names of the accounts, for the operator */
export const toGroup = ({ channelId, accountId, ...group }: AttentionGroup, names?: ReadonlyMap<string, string>) => ({
  ...group,
  ...(names && { accountId, accountName: names.get(accountId) ?? accountId }),
  ...(channelId !== null && { channelId }),
  hint: hintFor(group.code),
});

/** The decision that was made. The step goes on, and may park again under another id. */
export const resolved = z.object({ id: z.string(), action, reason }).meta({ id: 'Resolved' });
export type Resolved = z.input<typeof resolved>;

export type Outcome = { index: number; status: 'ok' | 'failed'; id: string; problem?: Problem };

/** A refusal fails its item alone. @throws the error of a fault of ours or of silence: the client repeats the request */
export function toOutcome(
  decided: PromiseSettledResult<Resolved>,
  { index, id, request }: { index: number; id: string; request: { id: string } },
): Outcome {
  if (decided.status === 'fulfilled') return { index, status: 'ok', id };
  const problem = problemOf(toRefusal(decided.reason), request.id);
  if (problem.status >= 500) throw decided.reason;
  return { index, status: 'failed', id, problem };
}
