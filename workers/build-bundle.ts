import { buildBundle } from './bundle.ts';

await buildBundle('dist/workflow-bundle.js');
