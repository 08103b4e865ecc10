import { writeFileSync } from 'node:fs';
import { openApiText } from './openapi-text.ts';

// `npm run openapi`: clients compare releases by the stored document.
writeFileSync(new URL('../../docs/openapi.json', import.meta.url), await openApiText());
