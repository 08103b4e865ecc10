import type { Problem } from './api.ts';

/** What the API answered instead of data. Decide by `code`: it keeps its meaning. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.problem = problem;
  }

  get code(): Problem['code'] {
    return this.problem.code;
  }
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/**
 * The data of an answer: `const order = await dataOf(client.GET('/v1/orders/{id}', …))`.
 * @throws ProblemError for a refusal; Error where what answered is not the API, such as a proxy
 */
export async function dataOf<T>(answered: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answered;
  if (response.ok) return data as T;
  throw isProblem(error) ? new ProblemError(error) : new Error(`The answer ${response.status} is no problem document.`);
}

const isProblem = (error: unknown): error is Problem => typeof (error as Partial<Problem> | null)?.code === 'string';
