import { z } from 'zod';
import { findCountry, needsCity, needsPostalCode } from '../../domain/countries.ts';
import { errorCodes } from '../../domain/errors.ts';
import { maximumQuantity } from '../../domain/orders/order.ts';
import { isPlain, isPlainLines, textRule } from '../../domain/plain-text.ts';

/** Checked here and not shown as a pattern: RE2 has no lookahead, and generators fail on `\p`. */
const matching = (fits: (text: string) => boolean, maximum: number) =>
  z.string().max(maximum).refine(fits, textRule).meta({ minLength: 1 });

/** A line of text that is not blank. It is not trimmed or corrected. */
export const text = (maximum: number) => matching(isPlain, maximum);

/** Text that may have several lines. */
export const longText = (maximum: number) => matching(isPlainLines, maximum);

/** An id in a body or query: `idOf('sup')`. A well-formed id of another account is treated as an unknown one. */
export const idOf = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z]{1,40}$`), `must be an id that begins with ${prefix}_`);

/** `/:id` of a route. Any unknown id is 404, also a text that is no id of ours; only NUL and the like are 422. */
export const idParams = z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/, 'must be an id') });

/** `/:id/lines/:lineId`. */
export const lineParams = idParams.extend({ lineId: idParams.shape.id });

/** A time with a year that Postgres and JavaScript write alike, whatever the offset. */
export const time = z.iso
  .datetime({ offset: true })
  .max(40)
  .refine((value) => {
    const moment = Date.parse(value);
    return Number.isNaN(moment) || (moment >= 0 && moment < Date.UTC(3000, 0));
  }, 'must be a time from 1970 to 2999');
/** A time in answers: UTC with milliseconds. */
export const timeOut = z.iso.datetime();

export const quantity = z.int().min(1).max(maximumQuantity).describe('Whole units.');
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, such as USD')
  .describe('ISO 4217, such as USD.');

/** An amount in integer minor units. */
export const money = z
  .strictObject({
    amount: z.int().min(0).max(1_000_000_000_000).describe('Whole minor units: 1900 is 19.00 USD, or 1900 JPY.'),
    currency,
  })
  .meta({ id: 'Money' });

const optionalText = (maximum: number) => text(maximum).optional();

const textOrNone = (maximum: number, description: string) =>
  text(maximum)
    .optional()
    .describe(description)
    .transform((value) => value ?? '');

export const country = z
  .string()
  .refine((code) => findCountry(code) !== undefined, 'must be an ISO 3166-1 alpha-2 code, such as US')
  .meta({ minLength: 2, maxLength: 2 })
  .describe('ISO 3166-1 alpha-2. `UK` is read as `GB`.')
  .transform((code) => findCountry(code)!);

export const address = z
  .strictObject({
    name: text(200).describe('The person, or the company where there is no person.'),
    company: optionalText(200).describe('The company, where `name` is a person.'),
    address1: text(300).describe('Street and number.'),
    address2: optionalText(300).describe('Flat, floor, building.'),
    city: textOrNone(200, 'Left out only where addresses have none, as in Singapore.'),
    province: optionalText(200).describe('State, county or region.'),
    postalCode: textOrNone(30, 'Left out only where addresses have none, as in Hong Kong.'),
    country,
    phone: optionalText(50).describe('Crosses to a supplier only where you share it.'),
    email: optionalText(254).describe('Crosses to a supplier only where you share it.'),
  })
  .superRefine((given, context) => {
    const missing = (field: string) =>
      context.addIssue({ code: 'custom', path: [field], message: `is missing; addresses in ${given.country} have it` });
    if (given.city === '' && needsCity(given.country)) missing('city');
    if (given.postalCode === '' && needsPostalCode(given.country)) missing('postalCode');
  })
  .meta({ id: 'Address' });

/** Shops store addresses that we would not accept in a request. They are shown as they came in. */
export const addressOut = z
  .object({
    name: z.string(),
    company: z.string().optional(),
    address1: z.string(),
    address2: z.string().optional(),
    city: z.string(),
    province: z.string().optional(),
    postalCode: z.string(),
    country: z.string(),
    phone: z.string().optional(),
    email: z.string().optional(),
  })
  .meta({ id: 'AddressShown' });

const limitRule = 'must be a whole number from 1 to 200';
/** A query is text; the API document shows it as the number that it means. */
const limitText = z
  .string()
  .refine((value) => /^\d{1,3}$/.test(value), { error: limitRule, abort: true })
  .meta({ type: 'integer', minimum: 1, maximum: 200 })
  .transform(Number)
  .pipe(z.int().min(1, limitRule).max(200, limitRule));

/** A filter that is present or absent. */
export const onlyTrue = z
  .literal('true')
  .meta({ type: 'boolean', const: true })
  .transform(() => true as const)
  .optional();

/** Used alone only for a list with another default. */
export const limitDefaultingTo = (limit: number) =>
  limitText.default(limit).describe(`The most items of a page. Left out: ${limit}.`);

/** `?limit=&cursor=` of every list; `.extend` adds filters. */
export const pageQuery = z.strictObject({
  limit: limitDefaultingTo(50),
  cursor: z.string().min(1).max(500).optional().describe('`nextCursor` of the previous page.'),
});

const makePage = <T extends z.ZodType>(item: T) =>
  z
    .object({ data: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page.') })
    .meta({ id: `${item.meta()!.id}Page` });
const pages = new Map<z.ZodType, z.ZodType>();

/** The answer of a list, named after its items: `OrderPage`. Made once for each item: a name means a single schema. */
export function pageOf<T extends z.ZodType>(item: T): ReturnType<typeof makePage<T>> {
  const page = pages.get(item) ?? makePage(item);
  pages.set(item, page);
  return page as ReturnType<typeof makePage<T>>;
}

const faultSchema = z.object({ pointer: z.string(), detail: z.string() });

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(errorCodes),
    errors: z.array(faultSchema).optional(),
  })
  .meta({ id: 'Problem', description: 'An error, by RFC 9457. Decide by its `code`.' });

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
});

/**
 * The `response` of a route: its successes, and a problem for all other statuses. Only the successes are in the type, so
 * that a handler must return one of them. The API document has the codes of `schema.errors` in place of the problems.
 * @param texts describe the answer, by status where there are several
 */
export function answers<const R extends Record<number, z.ZodType>>(
  successes: R,
  texts: string | Record<keyof R & number, string>,
): R {
  const described = Object.entries(successes).map(([status, schema]) => {
    const description = typeof texts === 'string' ? texts : texts[Number(status) as keyof R & number];
    const isEmpty = schema === nothing;
    return [status, isEmpty ? nothing.describe(description) : inJson(description, schema)] as const;
  });
  return {
    ...(Object.fromEntries(described) as unknown as R),
    '4xx': problemAnswer('A refusal.'),
    '5xx': problemAnswer('A fault of ours, or a dependency that does not answer.'),
  };
}

/** The answer of a list that is also sent as a file. @param file the columns, for the API document */
export const listAnswers = <T extends z.ZodType>(item: T, description: string, file: string) => ({
  ...answers({ 200: pageOf(item) }, description),
  200: {
    description,
    content: {
      'application/json': { schema: pageOf(item) },
      'text/csv': { schema: z.string().describe(`With \`Accept: text/csv\`: the whole list, not a page. ${file}`) },
    },
  } as unknown as ReturnType<typeof pageOf<T>>,
});

/** The answer of a PDF. A handler returns its bytes. */
export const pdfAnswers = (description: string): Record<200, z.ZodType<Uint8Array>> => ({
  ...answers({}, {}),
  200: {
    description,
    content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
  } as unknown as z.ZodType<Uint8Array>,
});

const inJson = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

/** The answer of a batch: JSON for JSON, a file for a file. */
export const batchAnswers = (description: string, fileAnswer: z.ZodString) => ({
  ...answers({}, {}),
  200: {
    description,
    content: { 'application/json': { schema: batchResults }, 'text/csv': { schema: fileAnswer } },
  },
});

/** The body of a 204. */
export const nothing = z.null();

/** The outcome of each item of a batch. */
export const batchResults = z
  .object({
    results: z.array(
      z.object({
        index: z.int(),
        status: z.enum(['ok', 'failed']),
        id: z.string().optional(),
        notice: z.string().optional().describe('What you should know though the item is recorded.'),
        problem: problem.optional(),
      }),
    ),
  })
  .meta({ id: 'BatchResults' });

/** The caller's note beside a reason. */
export const ownNote = longText(5_000).optional().describe('Stored on your own timeline; no other account sees it.');

/** Units of an order's lines. @param leftOut the meaning of a body without them */
export const openUnits = (leftOut: string) =>
  z
    .array(z.strictObject({ lineId: idOf('line').describe('A line of the order.'), quantity }))
    .min(1)
    .max(500)
    .optional()
    .describe(`Units that are still open. Left out: ${leftOut}`);
