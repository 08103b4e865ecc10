import { resolve } from 'node:path';
import { buildBundle } from './bundle.ts';

// `standalone/run.mjs workers/build-bundle.ts <file>`, in the repository.
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Name the file of the bundle.');
await buildBundle(path, resolve('workflows/index.ts'));
