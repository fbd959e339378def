import { candidate, type LastGood } from '../../domain/last-good.ts';
import { milliseconds } from '../../domain/time.ts';

const at = (clock: string) => milliseconds(`2026-11-20T${clock}Z`);

/** As the finder gives it: the first bad row, and what else happened around it. */
export function lastGoodOf(environment: string): LastGood {
  const candidates = [
    candidate('proven', at('02:40:15.204'), { kind: 'commit', table: 'orders', rows: 1204, matching: 1231 }),
    candidate('likely', at('02:39:58'), {
      kind: 'deploy',
      workload: 'ecommerce-backend',
      from: 'acme/ecommerce-backend:41',
      to: 'acme/ecommerce-backend:42',
      cause: 'currency *migration*',
    }),
    candidate('likely', at('02:40:14.871'), { kind: 'migration', tool: 'Flyway', name: '42 prices in cents' }),
    candidate('between', at('01:00:07'), {
      kind: 'deleted',
      tables: [
        { table: 'public.order_items', rows: 3122 },
        { table: 'public.orders', rows: 1204 },
      ],
      until: '2026-11-20T02:00:09.000Z',
    }),
    candidate('likely', at('00:30:00'), { kind: 'job', job: 'nightly-reprice-29389470', cronJob: 'nightly-reprice' }),
  ];
  return {
    environment,
    timeZone: 'Asia/Taipei',
    since: '2026-11-20T00:15:00.000Z',
    bad: { table: 'orders', where: 'total = 0' },
    candidates: candidates.map((one, index) => ({ ...one, reached: index < 4 })),
    gaps: [{ code: 'find.migrations-untimed', params: { tool: 'Alembic', table: 'alembic_version' } }],
  };
}

/** Nothing says when. */
export const unknownOf = (environment: string): LastGood => ({
  ...lastGoodOf(environment),
  bad: null,
  candidates: [],
  gaps: [
    { code: 'find.no-baseline', params: {} },
    { code: 'find.commit-times-off', params: {} },
  ],
});

/** A trace and no proof, so fresh that RDS's log is not there yet. */
export function tracesOf(environment: string): LastGood {
  const found = lastGoodOf(environment);
  const evidence = { kind: 'own-clock', table: 'customers', column: 'created_at', matching: 5 } as const;
  const own = { ...candidate('likely', at('02:41:00.5'), evidence), reached: 'soon' as const };
  return {
    ...found,
    bad: { table: 'customers', where: `country = 'XX'` },
    candidates: [own],
    gaps: [{ code: 'find.commit-times-off', params: {} }],
  };
}
