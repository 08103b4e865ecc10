import { writeFileSync } from 'node:fs';
import { openApiText } from './openapi-text.ts';

// `npm run openapi`: the stored document is what clients compare releases by.
writeFileSync(new URL('../../docs/openapi.json', import.meta.url), await openApiText());
