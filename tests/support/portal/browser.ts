import { describe } from '@jest/globals';
import { isChromiumHere } from './chromium.ts';

/** `.ci/run` sets CI and installs a browser: there its absence is a failure, not a reason to skip. */
export const hasBrowser = isChromiumHere || process.env['CI'] === 'true';
if (!hasBrowser) console.warn('There is no Chromium (CHROMIUM_PATH): the tests of the portal are skipped.');

/** `describe` of tests that need a browser. */
export const inBrowser = hasBrowser ? describe : describe.skip;
