import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** A file of the built portal. `isFirst`: the page asks for it before it shows anything. `gzip` and `brotli` are bytes. */
export type PortalFile = {
  readonly name: string;
  readonly isFirst: boolean;
  readonly gzip: number;
  readonly brotli: number;
};

/** The scripts and styles of the portal built in `folder`. */
export function portalFiles(folder: string): PortalFile[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const first = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => basename(path!));
  return readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => {
      const content = readFileSync(join(folder, 'assets', name));
      const gzip = gzipSync(content, { level: 9 }).length;
      return { name, isFirst: first.includes(name), gzip, brotli: brotliCompressSync(content).length };
    });
}

/** Bytes of what the queue of orders needs, in files that end so. */
export const firstBytes = (files: readonly PortalFile[], ending: '.js' | '.css', by: 'gzip' | 'brotli'): number =>
  files.filter(({ name, isFirst }) => isFirst && name.endsWith(ending)).reduce((sum, file) => sum + file[by], 0);
