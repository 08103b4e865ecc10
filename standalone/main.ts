import { loadStandaloneConfig } from '../config.ts';
import { firstAdminLink } from './people.ts';
import { report, runService, type Service } from './service.ts';

/** `npm run dev`: with `--watch` a change of the sources restarts api and worker. */
const reload = process.argv.includes('--watch');

await runService(
  {
    title: 'Vendor Portals is starting.',
    reload,
    ready: async (service) => {
      const { environment } = service.engine;
      const place = { appUrl: environment['DATABASE_URL']!, systemUrl: environment['DATABASE_SYSTEM_URL']! };
      const portal = loadStandaloneConfig().PUBLIC_URL ?? service.api;
      report(whereEverythingIs(service, (await firstAdminLink({ ...place, portal })) ?? `${portal}/portal/`));
      return 'stay';
    },
  },
  loadStandaloneConfig,
);

function whereEverythingIs({ engine, api, logs }: Service, portal: string): string {
  const { operatorKey, environment, dataDir } = engine;
  const once = portal.includes('#')
    ? '\nThe link of the portal signs in the first admin. It works once, for 24 hours.\n'
    : '';
  return `
Vendor Portals runs. Ctrl-C stops it; the data stays in ${dataDir}.

  Portal         ${portal}
  API            ${api}/v1
  API reference  ${api}/docs
  Temporal UI    ${environment['TEMPORAL_UI_URL'] ?? `(of the server at ${environment['TEMPORAL_ADDRESS']})`}
  Operator key   ${operatorKey}
  Logs           ${logs.join(', ')}
${once}
A first account:

  curl -X POST ${api}/v1/accounts -H 'Authorization: Bearer ${operatorKey}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: first-account' -d '{ "name": "My shop" }'
`;
}
