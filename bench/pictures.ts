import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../standalone/root.ts';
import { openBrowser } from '../tests/support/portal/chromium.ts';

/**
 * `npm run pictures -- <link>`: the pictures of the README, from a running demo. The link is the supplier's, as the demo prints
 * it; it works once.
 */
const [link] = process.argv.slice(2);
if (link === undefined) {
  console.error('npm run pictures -- <the link of the supplier that the running demo has printed>');
  process.exit(1);
}
const folder = join(root, 'docs/pictures');
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  const context = await browser.newContext({
    locale: 'en-US',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1.5,
  });
  const page = await context.newPage();
  const picture = async (name: string) => {
    await page.mouse.move(0, 0);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(`docs/pictures/${name}.png`);
  };
  await page.goto(link);
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  await page.getByRole('link', { name: 'All', exact: true }).click();
  const first = page.getByRole('table').locator('tbody').getByRole('link').first();
  await first.waitFor();
  await picture('orders');
  await first.click();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await picture('order');
} finally {
  await browser.close();
}
