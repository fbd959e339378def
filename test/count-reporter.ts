import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What a whole run came to. A file that can't be loaded and an error outside of every test count as a failure each. */
export function countsOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): string {
  let passed = 0;
  let failed = unhandled.length;
  for (const module of modules) {
    failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed++;
      if (state === 'failed') failed++;
    }
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
  }
  return `${passed} passed, ${failed} failed`;
}

/** Ends a run with `N passed, N failed`; writes the line to the file named by `TEST_COUNTS` too, for `.ci/run`. */
export const countReporter = (): Reporter => ({
  onTestRunEnd(modules, unhandled) {
    const line = countsOf(modules, unhandled);
    const file = process.env.TEST_COUNTS;
    if (file) writeFileSync(file, `${line}\n`);
    // After the summary, which is printed when the run's end has been reported to everybody.
    process.once('exit', () => console.log(line));
  },
});
