import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

type Readiness = () => Promise<boolean>;
/** Only reported. */
type Facts = () => Readonly<Record<string, string>>;

/** `/livez`: the process runs. `/readyz`: its Postgres and Temporal answer. `/metrics`: for Prometheus. */
export function serveHealth({
  host,
  port,
  isReady,
  facts,
}: {
  host: string;
  port: number;
  isReady: Readiness;
  facts: Facts;
}): Promise<Server> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'application/json') =>
      void response.writeHead(status, { 'content-type': type }).end(body);
    if (request.url === '/livez') return answer(200, '{"status":"ok"}');
    if (request.url === '/metrics')
      return void registry.metrics().then((text) => answer(200, text, registry.contentType));
    if (request.url !== '/readyz') return answer(404, '{"status":"not_found"}');
    return void isReady().then(
      (ready) => answer(ready ? 200 : 503, JSON.stringify({ status: ready ? 'ok' : 'unavailable', ...facts() })),
      () => answer(503, JSON.stringify({ status: 'unavailable', ...facts() })),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
