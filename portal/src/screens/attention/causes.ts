import type { Attention, AttentionAction, AttentionCode, AttentionGroup } from '../../api/queries/attention.ts';
import type { Words } from '../../words/en.ts';

type AttentionWords = Words['attention'];

/** A cause in words; one that has none yet as it is. */
export const causeOf = (code: AttentionCode, words: AttentionWords): string =>
  words.causes[code] ?? code.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());

/** What to do about it, in the language of the page; else as the service says it. */
export const hintOf = (
  { code, hint }: { readonly code: AttentionCode; readonly hint: string },
  words: AttentionWords,
) => words.hints[code] ?? hint;

type Step = Attention['step'];

/** What is skipped or taken back depends on the step. Several steps: in general. */
export const actionOf = (action: AttentionAction, steps: readonly Step[], words: AttentionWords): string =>
  atStep(action, steps, { skip: words.skipAt, cancel: words.cancelAt }) ?? words.actions[action];

/** What follows from it. */
export const followsOf = (action: AttentionAction, steps: readonly Step[], words: AttentionWords): string =>
  atStep(action, steps, { skip: words.skipWhat, cancel: words.cancelWhat }) ?? words.what[action];

type ByAction = Readonly<Partial<Record<AttentionAction, Readonly<Record<string, string>>>>>;

const atStep = (action: AttentionAction, steps: readonly Step[], words: ByAction): string | undefined =>
  steps.length === 1 ? words[action]?.[steps[0] ?? ''] : undefined;

/** A cause, on whichever channels. */
export interface Cause {
  readonly code: AttentionCode;
  readonly count: number;
  readonly since: string;
  readonly hint: string;
}

/** The groups by cause and channel, by cause alone; the largest first. */
export function causesOf(groups: readonly AttentionGroup[]): Cause[] {
  const causes = new Map<AttentionCode, Cause>();
  for (const { code, count, since, hint } of groups) {
    const known = causes.get(code);
    const oldest = known && known.since < since ? known.since : since;
    causes.set(code, { code, hint, count: count + (known?.count ?? 0), since: oldest });
  }
  return [...causes.values()].sort((one, other) => other.count - one.count);
}

/** What each of these takes. */
export function commonActions(rows: readonly Attention[]): readonly AttentionAction[] {
  const [first, ...others] = rows;
  return first ? first.actions.filter((action) => others.every(({ actions }) => actions.includes(action))) : [];
}

export const stepsOf = (rows: readonly Attention[]): readonly Step[] => [...new Set(rows.map(({ step }) => step))];
