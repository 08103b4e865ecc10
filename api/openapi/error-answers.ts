import type { ErrorCode } from '../../domain/errors.ts';
import { problemTable } from '../plugins/errors-table.ts';

type Answer = { description: string; content: object };
type ErrorAnswers = { responses: Record<string, object>; shared: Record<string, Answer> };

/** The answers of an operation by status. A status with one or two codes refers to an answer that operations share. */
export function errorAnswers(codes: readonly ErrorCode[]): ErrorAnswers {
  const responses: Record<string, object> = {};
  const shared: Record<string, Answer> = {};
  for (const status of new Set(codes.map((code) => problemTable[code].status))) {
    const alike = codes.filter((code) => problemTable[code].status === status);
    const name = alike.length <= 2 ? alike.map(nameOf).join('Or') : undefined;
    if (name !== undefined) shared[name] = answerOf(alike);
    responses[status] = name === undefined ? answerOf(alike) : { $ref: `#/components/responses/${name}` };
  }
  return { responses, shared };
}

const nameOf = (code: ErrorCode): string => code.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase()); // prettier-ignore

function answerOf(codes: readonly ErrorCode[]): Answer {
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { type: 'string', enum: codes } }, required: ['code'] },
    ],
  };
  const [first, ...others] = codes.map((code) => `\`${code}\``);
  return {
    description:
      others.length === 0 ? `${first}: ${problemTable[codes[0]!].title}.` : `${[first, ...others].join(', ')}.`,
    content: { 'application/problem+json': { schema } },
  };
}
