import { defineConfig } from 'vitest/config';
import { countReporter } from './test/count-reporter.ts';

export default defineConfig({
  test: {
    // Vitest leaves a core free, which on two is half of the machine.
    maxWorkers: 2,
    reporters: ['default', countReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/*.test.ts', 'test/model/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Each file runs a whole world: one after another, after everything else, or two cores are not enough for its clocks.
        test: {
          name: 'world',
          include: ['test/{integration,faults,journeys}/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
