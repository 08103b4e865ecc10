import { DomainError, type ErrorCode, type Fault } from '../../../domain/errors.ts';

/** The refusal of a rule, as its caller sees it; `null` when it passes. Any other error is thrown on. */
export function refusalOf(rule: () => unknown): { code: ErrorCode; pointers: string[] } | null {
  try {
    rule();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, pointers: error.faults.map(({ pointer }: Fault) => pointer) };
  }
}

export const codeOf = (rule: () => unknown): ErrorCode | null => refusalOf(rule)?.code ?? null;
