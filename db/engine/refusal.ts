import type { DomainError } from '../../domain/errors.ts';
import { violates } from './database-error.ts';

/**
 * Turns the violation of a named constraint into the refusal that it means. The transaction is lost either way.
 * @param refusal made only when needed
 */
export async function refusing<T>(
  statement: PromiseLike<T>,
  constraint: string,
  refusal: () => DomainError,
): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw violates(error, constraint) ? refusal() : error;
  }
}
