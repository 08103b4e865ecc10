import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWorld } from '../support/trade/world.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const [, walk] = /<!-- walk -->\s*```bash\n([\s\S]*?)\n```/.exec(readme) ?? [];

/** How many levels are oversold, in each of the two accounts. */
const oversold = `
for key in "$MERCHANT" "$SUPPLIER"; do
  call "$key" /stock | pick 'answer.data.filter(({ availableOnHand }) => availableOnHand < 0).length'
done`;

describe("the README's walk", () => {
  it('brings an order to the supplier and its tracking back, word for word', async () => {
    const world = await startWorld();
    try {
      const { code, output, errors } = await bash(walk! + oversold, {
        API: `${world.url}/v1`,
        OPERATOR_KEY: world.operator.key,
      });

      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(output.trim().split('\n')).toEqual([
        'merchant: order 1001 is shipped',
        'supplier: order 1001 is shipped',
        expect.stringMatching(/^tracking 1Z999AA10123456784 of shipment shp_\w+ confirmed at \d{4}-\d\d-\d\dT/),
        'row,order,tracking,status',
        '2,1002,1Z999AA10123456793,ok',
        'row,sku,status',
        '2,SUM-100,ok',
        '0',
        '0',
      ]);
    } finally {
      await world.stop();
    }
  });
});

/** Ends at the first command that fails, which a reader would notice too. */
async function bash(script: string, variables: Record<string, string>) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env: { PATH: process.env['PATH'], NO_PROXY: '*', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { code, output, errors };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: string[] = [];
  for await (const part of stream) parts.push(String(part));
  return parts.join('');
}
