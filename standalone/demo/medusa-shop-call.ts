/** One call of the shop's API: with a body it is a POST. @throws Error for a refusal, with its text */
export type MedusaCall = <Answer>(path: string, body?: object, method?: 'DELETE') => Promise<Answer>;

export function callAt(url: string, headers: Readonly<Record<string, string>>): MedusaCall {
  return async <Answer>(path: string, body?: object, method?: 'DELETE') => {
    const answer = await fetch(`${url}${path}`, {
      method: method ?? (body ? 'POST' : 'GET'),
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The shop refused ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  };
}
