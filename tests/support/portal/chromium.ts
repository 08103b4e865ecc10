import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Nothing that differs between machines: fonts, colors, scrollbars. */
const flags = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none', '--hide-scrollbars', '--force-color-profile=srgb']; // prettier-ignore

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** The same engine without the window around it: a start and a page cost a quarter. It shows no PDFs. */
const shell = 'chromium-headless-shell';

/** The first of these programs that this machine has. `CHROMIUM_PATH` names another browser. */
function pathOf(programs: readonly string[]): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

export const isChromiumHere = pathOf(names) !== undefined;

/** @param options.showsPdfs for pages that open a PDF in a tab of its own */
export async function openBrowser({ showsPdfs = false }: { showsPdfs?: boolean } = {}): Promise<Browser> {
  const executablePath = pathOf(showsPdfs ? names : [shell, ...names]);
  if (executablePath === undefined) throw new Error('There is no Chromium. Install one, or set CHROMIUM_PATH.');
  return chromium.launch({ executablePath, args: flags });
}
