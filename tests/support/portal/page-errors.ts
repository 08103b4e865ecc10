import type { BrowserContext } from 'playwright-core';

/** What went wrong in the pages of a test. */
type PageErrors = {
  readonly watch: (context: BrowserContext) => void;
  /** Leaves out what matches, since the test causes it, such as a service that is away. */
  readonly forgive: (pattern: RegExp) => void;
  /** All since the last call. */
  readonly take: () => string[];
};

// Chromium logs each answer from 400 on. A refusal of the API is an answer that the page shows, not an error of the page.
const isRefusal = (text: string, url: string): boolean =>
  /^Failed to load resource: .* status of 4\d\d /.test(text) && new URL(url).pathname.startsWith('/v1/');

/** Collects errors on the console (violations of the content policy among them) and uncaught errors. */
export function pageErrors(): PageErrors {
  let found: string[] = [];
  let forgiven: RegExp[] = [];
  return {
    watch(context) {
      context.on('console', (message) => {
        const { url } = message.location();
        if (message.type() !== 'error' || isRefusal(message.text(), url)) return;
        found.push(`${message.text()} (${url})`);
      });
      context.on('weberror', (error) => found.push(String(error.error().stack)));
    },
    forgive: (pattern) => void forgiven.push(pattern),
    take() {
      const left = found.filter((text) => !forgiven.some((pattern) => pattern.test(text)));
      found = [];
      forgiven = [];
      return left;
    },
  };
}
