import { inPlaceSteps } from '../../domain/in-place.ts';
import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { DumpPoint, Note, RestoreDecided, RestoreShown } from '../../domain/restore.ts';
import type { OperationState } from '../../domain/state.ts';
import { closed, done, goodResults, intent, report, told } from './events.fixture.ts';
import { approved } from './night.fixture.ts';
import { after, restorePlanOf } from './plans.fixture.ts';

export const dumpPoint: DumpPoint = {
  kind: 'dump',
  at: '2026-11-20T02:31:07.000Z',
  bucket: 'ecommerce-backups',
  key: 'database/production/op-9f3ac2417b60.dump',
  versionId: 'v1',
  sizeBytes: 1_240_000_000,
  sha256: '4f1c'.padEnd(64, '0'),
  serverVersion: '15.4',
  database: 'ecommerce_production',
  resourceId: 'db-CURRENT',
  adopted: false,
};

const instance = 'ecommerce-production';
const target = 'ecommerce-production-r1a2b3c4d5e6';

function changed(decided: Partial<RestoreDecided>, shown: Partial<RestoreShown>, steps: Plan['bound']['steps']): Plan {
  const { bound, shown: before } = restorePlanOf({ known: true });
  return {
    bound: { ...bound, steps, decided: { ...bound.decided, recoveryPoint: dumpPoint, ...decided } },
    shown: { ...before, unloggedTables: [], baselineAt: dumpPoint.at, notProven: [], ...shown } as Plan['shown'],
  };
}

/** In the place of the snapshot: an empty instance, roles, a database, the load. */
const loadChain = ['create-roles', 'create-database', 'start-load-job', 'await-load'];

export function ownInstancePlan(): Plan {
  const { steps } = restorePlanOf({ known: true }).bound;
  const handOver: readonly Note[] = [
    { code: 'hand-over.rescue-snapshot', params: { instance, snapshot: 'pitcrew-rescue-0123456789ab' } },
    { code: 'hand-over.settings-set', params: { names: 'search_path, reporting: work_mem' } },
    { code: 'hand-over.terraform', params: { instance, target } },
    { code: 'hand-over.roles-without-password', params: { names: 'reporting, support', target } },
    { code: 'hand-over.downstream', params: {} },
  ];
  return changed(
    { mode: 'own-instance' },
    { handOver },
    steps.flatMap((step) => {
      if (step.id === 'restore-instance') return [{ ...step, id: 'create-instance' }];
      const chain = loadChain.map((id, at) => ({ id, after: [loadChain[at - 1] ?? step.id], input: {} }));
      return step.id === 'prove-aligned' ? [step, ...chain] : [step];
    }),
  );
}

const besideChain = [
  ...['await-instance', 'prove-swappable', 'create-database', 'start-load-job', 'await-load', 'verify-database'],
  ...['judge-verification', 'measure-loss', 'swap-names', 'prove-swapped', 'verify-deeply'],
];
const gibibyte = 1024 ** 3;

export const besidePlan = (): Plan =>
  changed(
    { mode: 'beside', targetId: instance, order: 'restore-first' },
    {
      settings: [],
      replicas: [],
      guards: [],
      quotas: [],
      expected: { downtimeSeconds: null, totalSeconds: null, from: 0 },
      handOver: [{ code: 'hand-over.same-disk', params: {} }],
      wayBack: 'kept-database',
      kept: 'ecommerce_before_1a2b3c4d',
      disk: { allocated: 100 * gibibyte, used: 31 * gibibyte, needed: 19 * gibibyte },
    },
    besideChain.map((id, at) => ({ id, after: at === 0 ? [] : [besideChain[at - 1] ?? ''], input: {} })),
  );

export function inPlacePlan(): Plan {
  const survives = ['table public.campaigns', 'view public.campaign_orders'];
  const left = new Set<string>(['start-check-job', 'await-check-job']);
  const ids = inPlaceSteps.filter((id) => !left.has(id));
  return changed(
    { mode: 'in-place', targetId: instance },
    {
      settings: [],
      handOver: survives.map((thing) => ({ code: 'hand-over.survives', params: { thing } })),
      wayBack: 'rescue-snapshot',
      rescue: 'ecommerce-production-pitcrew-rescue-1a2b3c4d',
    },
    ids.map((id, at) => ({ id, after: at === 0 ? [] : [ids[at - 1] ?? ''], input: {} })),
  );
}

const provenResults = goodResults.filter(({ outcome }) => outcome === 'pass');

/** What the steps of a load beside returned, up to the swap and after it. */
const returned: Readonly<Record<string, object>> = {
  'await-load': { attempts: 1 },
  'verify-database': { report: report(provenResults, 'pass') },
  'judge-verification': { outcome: 'pass' },
  'measure-loss': {
    tables: [{ table: 'orders', before: 98_796, after: 97_592, lost: 1_204, returned: 38, changed: 11 }],
    lastLostAt: after(300),
    notMeasured: [],
  },
  'swap-names': {
    ...{ database: 'ecommerce', oid: 24_611, kept: 'ecommerce_before_1a2b3c4d', keptOid: 16_401, at: after(308) },
    ...{ outageMs: 140, ended: [], endedSessions: 7 },
  },
  'prove-swapped': { sessions: 6, firstSessionAt: after(308) },
  'verify-deeply': { report: report(provenResults, 'pass') },
};

export const besideStories: Readonly<
  Record<string, (language: Locale) => { readonly state: OperationState; readonly seconds: number }>
> = {
  'swapped with the dump beside': (language) => ({
    state: told([
      ...approved(language),
      ...besideChain.flatMap((id, at) => [
        intent(145 + at * 20, id, 'do', id === 'swap-names'),
        done(155 + at * 20, id, returned[id]),
      ]),
      closed(400, 'succeeded', 'new-database'),
    ]),
    seconds: 401,
  }),
};
