import { afterAll, describe, expect, it } from 'vitest';
import { type Exploration, explore } from './model/explorer.ts';
import type { Scenario } from './model/scenario.ts';
import { cutOver } from './model/scenarios-cut-over.ts';
import { cancel, cancelAtTheEnd, planChanges, takeover } from './model/scenarios-engine.ts';
import { findings } from './model/scenarios-findings.ts';
import { locks, request, votes } from './model/scenarios-people.ts';
import { prestaged } from './model/scenarios-prestage.ts';
import { retry, supersede } from './model/scenarios-ways-out.ts';
import {
  disheartened,
  eager,
  forgetful,
  hasty,
  heedless,
  hopeful,
  impatient,
  keepsEpoch,
  letsGoEarly,
  mistaking,
  overwrites,
  presumptuous,
  rash,
  restless,
  sulking,
} from './model/seeded.ts';
import { Simulation } from './model/simulation.ts';

// The protocol of the ledger and the engine, explored: the real `append`, fold, rules and `runOperation` over a store
// whose every call can be delayed, lost, or the last thing that its process does. Bounded by states, not by time, and
// the same in every run.

const rows: Record<string, unknown>[] = [];
afterAll(() => console.table(rows));

function note({ name, spec }: Scenario, found: Exploration): void {
  const { states, traces, complete, longest } = found;
  rows.push({ scenario: name, faults: spec.faults, crashes: spec.crashes, states, traces, longest, complete });
}

const bounds: readonly (readonly [Promise<Scenario>, number])[] = [
  [votes(0, 0), 12_000],
  [votes(2, 1), 12_000],
  [cancel(0, 0), 12_000],
  [cancel(2, 1), 12_000],
  [cancelAtTheEnd(1, 1), 8_000],
  [takeover(false, 0, 2), 12_000],
  [takeover(false, 2, 1), 12_000],
  [takeover(true, 1, 1), 16_000],
  [planChanges(1, 0, 0), 4_000],
  [planChanges(2, 0, 0), 24_000],
  [planChanges(2, 1, 1), 8_000],
  [findings('one', 0, 2), 8_000],
  [findings('second', 1, 1), 8_000],
  [findings('second', 1, 1, true), 8_000],
  [findings('decided', 1, 1, true), 8_000],
  [findings('agree', 2, 1, true), 10_000],
  [findings('disagree', 1, 1, true), 10_000],
  [cutOver('one', 0, 2), 6_000],
  [cutOver('second', 1, 1), 6_000],
  [cutOver('second', 1, 1, true), 6_000],
  [cutOver('decided', 1, 1, true), 6_000],
  [cutOver('agree', 2, 1, true), 8_000],
  [cutOver('disagree', 1, 1, true), 8_000],
  [prestaged('yes', 0, 1), 8_000],
  [prestaged('yes', 1, 1, true), 8_000],
  [prestaged('deny', 0, 2), 8_000],
  [prestaged('no', 1, 1), 8_000],
  [prestaged('no', 1, 1, true), 8_000],
  [prestaged('cancel', 1, 1, true), 8_000],
  [prestaged('changes', 1, 1, true), 8_000],
  [retry(0, 0), 8_000],
  [retry(1, 1), 8_000],
  [supersede(0, 0), 8_000],
  [supersede(1, 1), 6_000],
  [supersede(2, 1, 'decided'), 6_000],
  [locks(0, 0), 24_000],
  [locks(2, 1), 12_000],
  [request(0, 0), 8_000],
  [request(2, 1), 12_000],
];

describe('whatever is lost, late or killed, the chain tells the truth and each effect stands once', async () => {
  for (const [making, maxStates] of bounds) {
    const scenario = await making;
    const { name, spec } = scenario;
    it(`${name} (${spec.faults} faults, ${spec.crashes} crashes)`, async () => {
      const found = await explore(() => new Simulation(spec), { maxStates, order: 'mixed' });
      note(scenario, found);
      expect(found.found).toBeUndefined();
    });
  }
});

describe('a protocol that is wrong is found out', () => {
  const wrong = [
    ['a store whose create overwrites', votes(0, 0), overwrites],
    ['an append that takes no answer for written', votes(1, 0), hopeful],
    ['an append that takes no answer for not written', votes(1, 0), disheartened],
    ['a fold that forgets who voted', votes(0, 0), forgetful],
    ['a fold that takes one yes to findings for enough', findings('one', 0, 0), hasty],
    ['a fold that takes one yes to the cut-over for enough', cutOver('one', 0, 0), eager],
    ['a fold that takes nobody’s word on the cut-over for a no', cutOver('one', 0, 0), sulking],
    ['a fold that takes a word on the plan for one on what was found', findings('agree', 0, 0), mistaking],
    ['a fold that lets every step begin while people decide', prestaged('deny', 0, 0), impatient],
    ['a fold that takes what was prestaged for the beginning', prestaged('deny', 0, 0), presumptuous],
    ['a fold that forgets that somebody asked to stop', cancel(0, 0), heedless],
    ['a fold that takes one yes to giving up for enough', supersede(0, 0), rash],
    ['a fold that lets what is parked go on by itself', supersede(0, 0), restless],
    ['an operation that is given up and lets nothing go', supersede(0, 0, 'forgets'), {}],
    ['a claim that keeps the epoch', takeover(false, 0, 0), keepsEpoch],
    ['a lock that is let go before its holder is closed', locks(0, 0), letsGoEarly],
  ] as const;

  it.each(wrong)('%s', async (name, making, seeded) => {
    const { spec } = await making;
    const found = await explore(() => new Simulation({ ...spec, seeded }), { maxStates: 30_000, order: 'breadth' });
    expect(found.found?.properties.length, `not found in ${found.states} states`).toBeGreaterThan(0);
    console.log([`${name}: ${found.found?.properties.join(', ')}`, ...(found.found?.trace ?? [])].join('\n  '));
  });
});
