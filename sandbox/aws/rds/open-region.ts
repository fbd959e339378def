import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Household } from '../../household.ts';
import { initialParameterGroups } from './catalogue.ts';
import { createCertificates, type ServerCertificate } from './certificates.ts';
import { makeFolder } from './cluster.ts';
import { demoPaces, type RdsPaces } from './paces.ts';
import { defaultQuotas, type Quotas, type Region } from './region.ts';
import { createTemplate, type Template } from './template.ts';

export interface RdsOptions {
  readonly household: Household;
  readonly account: string;
  readonly region: string;
  readonly paces?: Partial<RdsPaces>;
  readonly quotas?: Partial<Quotas>;
  readonly now?: () => Date;
}

/** A region with nothing in it. `prepare` makes what every instance needs and must be over before the first of them. */
export function openRegion(
  { household, account, region, paces, quotas, now = () => new Date() }: RdsOptions,
  closing: AbortSignal,
): Region & { prepare(caFile: string): Promise<void> } {
  const folder = mkdtempSync(join(household.folder, 'rds-'));
  let template: Template | undefined;
  let certificate: ServerCertificate | undefined;
  return {
    household,
    account,
    name: region,
    folder,
    now,
    get template() {
      return prepared(template);
    },
    get certificate() {
      return prepared(certificate);
    },
    instances: new Map(),
    snapshots: new Map(),
    retained: new Map(),
    events: [],
    proxies: new Map(),
    subscriptions: new Map(),
    parameterGroups: initialParameterGroups(),
    forced: new Map(),
    fates: new Map(),
    shortages: new Set(),
    lockedKeys: new Set(),
    paces: { ...demoPaces, ...paces },
    quotas: { ...defaultQuotas, ...quotas },
    closing,
    async prepare(caFile) {
      for (const path of [folder, join(folder, 'snapshots'), join(folder, 'wal')]) await makeFolder(path);
      [template, certificate] = await Promise.all([
        createTemplate(household, join(folder, 'template')),
        createCertificates(household, join(folder, 'certificates'), caFile, region),
      ]);
    },
  };
}

function prepared<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the region is not prepared yet');
  return value;
}
