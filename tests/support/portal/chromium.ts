import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
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
export const isChromiumHere = path !== undefined;

export async function openBrowser(): Promise<Browser> {
  if (path === undefined) throw new Error('There is no Chromium. Install one, or set CHROMIUM_PATH.');
  return chromium.launch({ executablePath: path, args: flags });
}
