import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.ts';
import { StartError } from '../start-error.ts';
import { buildCode } from './code.ts';

// `npm run build`: the code of an image, in dist/.
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
try {
  await buildCode(root, dist);
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}
