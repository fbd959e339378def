import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import type { CheckResult, VerificationReport } from '../domain/verification.ts';
import { type Verification, verify } from './checklist.ts';
import { recoveryPoint, shopChecks, shopSchema } from './shop.fixture.ts';

export interface Shop {
  readonly server: PrivateDatabase;
  /** A copy of the shop with so much damage done to it. */
  copy(...damage: readonly string[]): Promise<string>;
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
    check: (restored, changes = {}, live = 'shop') =>
      verify(server, {
        restored: server.address(restored),
        live: server.address(live),
        verifyRole: roleSecret('pitcrew_reader'),
        application: roleSecret('shop_app'),
        settings: shopChecks,
        baseline: {},
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
