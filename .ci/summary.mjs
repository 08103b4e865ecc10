import { existsSync, readFileSync } from 'node:fs';

/**
 * What a result of jest says in one line, and whether that is a success. Nothing run is no success.
 * @param {string} path of the JSON that `jest --json --outputFile` writes; absent when a gate before it failed
 * @param {number} exitCode of `npm test`
 */
export function summarize(path, exitCode) {
  const lines = [];
  if (!existsSync(path)) {
    lines.push('No test ran: a check before the tests failed (format, lint, types or set-up), see above.');
    return { lines: [...lines, countLine({ passed: 0, failed: 1, skipped: 0 })], ok: false };
  }
  const result = JSON.parse(readFileSync(path, 'utf8'));
  // A file that cannot even be loaded has no test to count; it counts as one.
  const broken = result.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed));
  for (const file of result.testResults) {
    for (const test of file.assertionResults.filter(isFailed))
      lines.push(`FAILED ${relative(file.name)} › ${test.fullName}`);
  }
  for (const file of broken) lines.push(`FAILED ${relative(file.name)} could not run`);
  const counts = {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  if (counts.passed === 0) lines.push('Nothing passed, so nothing is proven.');
  if (exitCode !== 0 && counts.failed === 0)
    lines.push(`npm test ended with code ${exitCode} although no test failed.`);
  return { lines: [...lines, countLine(counts)], ok: exitCode === 0 && counts.failed === 0 && counts.passed > 0 };
}

const isFailed = ({ status }) => status === 'failed';
const relative = (path) => path.replace(`${process.cwd()}/`, '');

function countLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

if (process.argv[1]?.endsWith('summary.mjs')) {
  const { lines, ok } = summarize(process.argv[2], Number(process.argv[3]));
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
}
