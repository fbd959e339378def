import { defineConfig } from 'vitest/config';
import { countReporter } from './test/count-reporter.ts';
import { scratchFolder } from './test/scratch-folder.ts';

// The workers that run the tests, and all that they start, have it from here.
process.env.TMPDIR = scratchFolder();

export default defineConfig({
  test: {
    // Vitest leaves a core free, which on two is half of the machine.
    maxWorkers: 2,
    reporters: ['default', countReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'sandbox/**/*.test.ts',
            'bench/**/*.test.ts',
            'test/*.test.ts',
            'test/model/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Each file runs a whole world of its own, and waits more than it works: four at a time, after everything else.
        test: {
          name: 'world',
          include: ['test/{integration,faults,journeys}/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
