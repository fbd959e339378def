import { expect, it } from 'vitest';
import { type OperationClients, registry } from './registry.ts';

it.each(registry.map((definition) => [definition.name, definition] as const))(
  'what stops an application can let go of it when people give it up: %s',
  (_, definition) => {
    const { steps, letGo } = definition.build({} as OperationClients);
    expect(letGo !== undefined).toBe(steps.has('stop-application'));
  },
);
