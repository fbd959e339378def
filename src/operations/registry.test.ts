import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operationKinds, registry } from './registry.ts';

describe('arguments', () => {
  const take = (name: string) => operationKinds.get(name)?.parseArgs ?? (() => ({}));

  test('have defaults, and the config decides what nobody gave', () => {
    expect(take('restore')({})).toEqual({ from: 'latest' });
    expect(take('restore')({ from: 'rds:shop-2026-11-20-02-00', onFailure: 'stay-stopped' })).toMatchObject({
      from: 'rds:shop-2026-11-20-02-00',
      onFailure: 'stay-stopped',
    });
  });

  test('F45: whatever is given, they are taken or refused by name, and nothing else is thrown', () => {
    const any = fc.dictionary(fc.oneof(fc.constantFrom('from', 'order', 'onFailure'), fc.string()), fc.jsonValue());
    for (const { name, parseArgs } of registry)
      fc.assert(
        fc.property(any, (args) => {
          try {
            const taken = parseArgs(args as never);
            expect(parseArgs(taken), name).toEqual(taken);
          } catch (error) {
            expect(error).toMatchObject({ code: 'request.bad-argument', kind: 'user' });
          }
        }),
      );
  });

  test('an unknown one is refused with those there are', () => {
    const possible = ['from', 'mode', 'order', 'onFailure'];
    const error = thrownBy(() => take('restore')({ form: 'latest' }));
    expect(error).toMatchObject({ code: 'request.bad-argument', params: { argument: 'form', possible } });
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
