/** A GraphQL session with the shop. It sends the shop's token again and throws each refusal. */
export type GraphQl = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>;

type Answer = { data?: unknown; errors?: { message: string }[] };

export function graphQl(url: string): GraphQl {
  let token: string | null = null;
  return async <Data>(query: string, variables: Record<string, unknown> = {}) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        connection: 'close',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    token = answer.headers.get('vendure-auth-token') ?? token;
    const { data, errors } = (await answer.json()) as Answer;
    if (errors) throw new Error(`The shop refused: ${errors.map((error) => error.message).join('; ')}`);
    assertNoErrorResult(data);
    return data as Data;
  };
}

/** Vendure answers a refused mutation with HTTP 200 and an error type of a union. */
function assertNoErrorResult(data: unknown): void {
  for (const [field, value] of Object.entries((data ?? {}) as Record<string, unknown>)) {
    const result = value as { errorCode?: string; message?: string } | null;
    if (result?.errorCode) throw new Error(`${field} was refused: ${result.errorCode} ${result.message ?? ''}`);
  }
}

export const refusal = '... on ErrorResult { errorCode message }';
