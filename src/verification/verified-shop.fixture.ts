import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import type { CheckSettings } from '../domain/settings.ts';
import type { CheckResult, VerificationReport } from '../domain/verification.ts';
import type { Baseline } from './baseline.ts';
import { type Verification, verify } from './checklist.ts';
import { measureAfter, measureBefore } from './measure.ts';
import { recoveryPoint, shopChecks, shopSchema } from './shop.fixture.ts';

export interface Shop {
  readonly server: PrivateDatabase;
  /** A copy of the shop with so much damage done to it. */
  copy(...damage: readonly string[]): Promise<string>;
  /** What a baseline of this copy says, with a snapshot that was made at once. */
  baseline(of: string, settings?: Partial<CheckSettings>): Promise<Baseline>;
  check(restored: string, changes?: Partial<Verification>, live?: string): Promise<VerificationReport>;
}

export async function openShop(): Promise<Shop> {
  const server = await privateDatabase();
  await server.sql('postgres', 'CREATE DATABASE shop');
  await server.sql('shop', ...shopSchema);
  let copies = 0;
  return {
    server,
    async copy(...damage) {
      const name = `copy_${++copies}`;
      await server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE shop`);
      if (damage.length > 0) await server.sql(name, ...damage);
      return name;
    },
    async baseline(of, settings = {}) {
      const measuring = {
        address: server.address(of),
        verifyRole: roleSecret('pitcrew_reader'),
        settings: { ...shopChecks, ...settings },
        timeZone: 'UTC',
        signal: new AbortController().signal,
      };
      const before = await measureBefore(server, measuring, 'op-1', undefined);
      return measureAfter(server, measuring, before, { snapshot: 'arn', snapshotAt: recoveryPoint, unreported: null });
    },
    check: (restored, changes = {}, live = 'shop') =>
      verify(server, {
        restored: server.address(restored),
        live: server.address(live),
        verifyRole: roleSecret('pitcrew_reader'),
        application: roleSecret('shop_app'),
        settings: shopChecks,
        baseline: undefined,
        asOf: recoveryPoint,
        timeZone: 'UTC',
        signal: new AbortController().signal,
        ...changes,
      }),
  };
}

export const failed = ({ results }: VerificationReport) => results.filter(({ outcome }) => outcome === 'fail');
export const found = (report: VerificationReport) =>
  failed(report).map(({ check: name, finding }) => `${name}: ${finding}`);
export const one = ({ results }: VerificationReport, name: string): CheckResult | undefined =>
  results.find((result) => result.check === name);
