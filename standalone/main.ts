import { loadStandaloneConfig } from '../config.ts';
import { report, runService, type Service } from './service.ts';

/** `npm run dev`: with `--watch` a change of the sources restarts api and worker. */
const reload = process.argv.includes('--watch');

await runService(
  {
    title: 'Vendor Portals is starting.',
    reload,
    ready: async (service) => {
      report(whereEverythingIs(service));
      return 'stay';
    },
  },
  loadStandaloneConfig,
);

function whereEverythingIs({ engine, api, logs }: Service): string {
  const { operatorKey, environment, dataDir } = engine;
  return `
Vendor Portals runs. Ctrl-C stops it; the data stays in ${dataDir}.

  Portal         ${api}/portal/
  API            ${api}/v1
  API reference  ${api}/docs
  Temporal UI    ${environment['TEMPORAL_UI_URL'] ?? `(of the server at ${environment['TEMPORAL_ADDRESS']})`}
  Operator key   ${operatorKey}
  Logs           ${logs.join(', ')}

A first account:

  curl -X POST ${api}/v1/accounts -H 'Authorization: Bearer ${operatorKey}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: first-account' -d '{ "name": "My shop" }'
`;
}
