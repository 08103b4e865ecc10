import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';

/** Nothing that differs between machines: fonts, colors, scrollbars. */
const flags = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none', '--hide-scrollbars', '--force-color-profile=srgb']; // prettier-ignore

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of this machine, or undefined. `CHROMIUM_PATH` names another. */
function chromiumPath(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

const path = chromiumPath();
/** `.ci/run` sets CI and installs a browser: there its absence is a failure, not a reason to skip. */
export const hasBrowser = path !== undefined || process.env['CI'] === 'true';
if (!hasBrowser) console.warn('There is no Chromium (CHROMIUM_PATH): the tests of the portal are skipped.');

/** `describe` of tests that need a browser. */
export const inBrowser = hasBrowser ? describe : describe.skip;

export async function openBrowser(): Promise<Browser> {
  if (path === undefined) throw new Error('There is no Chromium. Install one, or set CHROMIUM_PATH.');
  return chromium.launch({ executablePath: path, args: flags });
}
