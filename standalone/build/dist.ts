import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.ts';
import { StartError } from '../start-error.ts';
import { buildCode } from './code.ts';
import { buildPortal } from './portal.ts';

// `npm run build`: the code of an image, in dist/, and the portal in dist/portal. `--code-only` leaves the portal out.
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
try {
  await buildCode(root, dist);
  if (!process.argv.includes('--code-only')) await buildPortal(root, join(dist, 'portal'));
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}
