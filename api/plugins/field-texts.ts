import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Fields whose value no answer may contain. */
const secretName = /secret|password|credential|token|apikey/i;
/** Longer values are not repeated in a text. */
const longestShown = 60;

/** Says in words what is wrong with a field and, unless it is long or secret, which value it has. */
export function fieldText(issue: Issue): string {
  const rule = ruleOf(issue);
  const shown = issue.path.some((part) => secretName.test(String(part))) ? undefined : shownValue(issue.input);
  return shown === undefined || !rule.startsWith('must ') ? rule : `${rule}, is ${shown}`;
}

function ruleOf(issue: Issue): string {
  // A schema's own text says more than the kind of the issue.
  if (!/^(Invalid|Too )/.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${typeNames[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'too_small') return sizeRule(issue, ['or more', Number(issue.minimum)]);
  if (issue.code === 'too_big') return sizeRule(issue, ['or less', Number(issue.maximum)]);
  if (issue.code === 'invalid_value') {
    return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.join(', ')}`;
  }
  if (issue.code === 'invalid_format') return formats[issue.format] ?? 'is not in the right form';
  return 'is not acceptable; see the description of this body at /docs';
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};
const formats: Readonly<Record<string, string>> = {
  datetime: 'must be a date and time such as 2026-01-31T12:00:00Z',
  date: 'must be a date such as 2026-01-31',
  url: 'must be a URL such as https://shop.example',
  email: 'must be an e-mail address',
};

function sizeRule({ origin, input }: Issue & { origin: string }, [bound, limit]: [string, number]): string {
  if (origin === 'array') return `must have ${limit} items ${bound}`;
  if (origin !== 'string') return `must be ${limit} ${bound}`;
  const isLong = typeof input === 'string' && input.length > longestShown;
  return `must have ${limit} characters ${bound}${isLong ? `, has ${input.length}` : ''}`;
}

/** Text with blanks or signs stands in quotes, so that its ends are seen. */
function shownValue(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'string' || value.length > longestShown) return undefined;
  return /^[\w./:+-]+$/.test(value) ? value : JSON.stringify(value);
}
