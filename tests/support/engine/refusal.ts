import { DomainError, type ErrorCode, type Fault } from '../../../domain/errors.ts';

/** What a rule refuses, as its caller sees it; `null` when it lets pass. A bug comes out as it is. */
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
