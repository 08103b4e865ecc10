import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Smaller files fit into one packet as they are. */
const smallest = 1024;

/** Writes `.gz` and `.br` beside each file, so that the service compresses nothing while it serves. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: ({ root, build }) => void (folder = resolve(root, build.outDir)),
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const path = join(folder, name);
        if (!/\.(js|css|svg)$/.test(path) || statSync(path).size < smallest) continue;
        const file = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(file, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(file));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/portal/',
  plugins: [react(), compressed()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  // The service wants a host that is the origin's, so it stays that of the page.
  server: { proxy: { '/v1': { target: process.env['PORTAL_API'] ?? 'http://127.0.0.1:3000', changeOrigin: false } } },
});
