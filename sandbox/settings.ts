import { stringify } from 'yaml';
import { pitcrewImage, verifyImage } from './shop/manifests.ts';
import { sandboxWorkspace } from './slack/workspace.ts';

const { users, channels } = sandboxWorkspace;

/** Names that the runbook uses; the sandbox is the runbook's own platform. */
export const names = {
  account: '123456789012',
  region: 'eu-west-1',
  instance: 'ecommerce-production',
  database: 'ecommerce_production',
  applicationRole: 'ecommerce_app',
  configSecret: 'production/ecommerce/config',
  verifySecret: 'production/pitcrew/verify',
  fenceSecret: 'production/pitcrew/fence',
  /** Not pitcrew's: the master user's, for seeding and hurting the shop. */
  masterSecret: 'sandbox/master',
  ledgerBucket: 'acme-pitcrew-ledger',
  backupsBucket: 'ecommerce-backups',
  namespace: 'production',
  deployment: 'ecommerce-backend',
} as const;

export type Language = 'en' | 'zh-TW';

export interface SandboxConfig {
  readonly language: Language;
  readonly replicas: number;
  readonly onFailure?: 'return' | 'stay-stopped';
  /** How long every pod must be seen on the new database: 30 s unless a test is in a hurry. */
  readonly provenSeconds?: number;
  readonly approveWithinMinutes?: number;
  /** An address of the shop that answers once it serves. */
  readonly smokeUrl?: string;
  /** Options of the environment as pitcrew.yaml writes them, laid over what stands below: groups are merged, lists replaced. */
  readonly production?: Options;
}

export type Options = { readonly [name: string]: unknown };

function laidOver(below: Options, above: Options): Options {
  const isGroup = (value: unknown): value is Options =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const merged = Object.entries(above).map(([name, value]) => {
    const old = below[name];
    return [name, isGroup(old) && isGroup(value) ? laidOver(old, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(merged) };
}

/** pitcrew.yaml for the sandbox: what a team would write, with paces that fit a demo. */
export function pitcrewYaml(config: SandboxConfig): string {
  const { language } = config;
  return stringify({
    ledger: { bucket: names.ledgerBucket, region: names.region, prefix: 'sandbox' },
    slack: { commands: '/backup', incidentChannels: ['inc-*'], language },
    people: {
      approvers: { users: [users.amir.id, users.wei.id, users.dana.id, users.rosa.id], groups: [] },
      identities: {
        [users.rosa.id]: `arn:aws:iam::${names.account}:user/rosa`,
        [users.amir.id]: `arn:aws:iam::${names.account}:user/amir`,
        [users.wei.id]:
          `arn:aws:sts::${names.account}:assumed-role/AWSReservedSSO_Dba_0a1b2c3d4e5f6071/wei@example.com`,
      },
    },
    environments: { production: laidOver(production(config), config.production ?? {}) },
  });
}

function production(config: SandboxConfig): Options {
  const { language, replicas, onFailure = 'return', provenSeconds = 30, approveWithinMinutes = 30, smokeUrl } = config;
  return {
    region: names.region,
    database: {
      instance: names.instance,
      name: names.database,
      timeZone: 'Europe/Berlin',
      verifyRole: { secret: names.verifySecret },
      fenceRole: { secret: names.fenceSecret },
      masterRole: { secret: names.masterSecret },
    },
    secret: {
      id: names.configSecret,
      keys: { host: 'DB_HOST', port: 'DB_PORT', database: 'DB_NAME', user: 'DB_USERNAME', password: 'DB_PASSWORD' },
    },
    workloads: [{ namespace: names.namespace, deployment: names.deployment, replicas }],
    channels: {
      incident: channels.incident.id,
      stakeholders: [channels.business.id],
      audit: channels.audit.id,
      language,
    },
    approvals: { required: 2, requesterCounts: false, approveWithinMinutes, startWithinMinutes: 10 },
    objectives: { rtoMinutes: 60, rpoMinutes: 15 },
    restore: { order: 'stop-first', onFailure, pollSeconds: 1, provenSeconds },
    dumps: { bucket: names.backupsBucket, prefix: 'database/', runner: 'job', image: pitcrewImage },
    checks: {
      gateMinutes: 5,
      critical: ['customers', 'orders', 'order_items', 'payments'],
      relations: [{ from: 'orders.customer_id', to: 'customers.id' }],
      queries: [{ name: 'there are orders', sql: 'select count(*) from orders', expect: { minimum: 1 } }],
      rules: [
        {
          name: 'order totals add up',
          sql: 'select count(*) from orders o where o.total <> (select coalesce(sum(i.quantity * i.price), 0) from order_items i where i.order_id = o.id)',
          expect: { value: 0 },
        },
      ],
      heartbeat: { column: 'heartbeat.at', withinSeconds: 30 },
      command: { image: verifyImage, args: ['./scripts/verify-database-integrity.sh'] },
      ...(smokeUrl ? { smokeUrl } : {}),
    },
    runbooks: {
      connection: 'https://runbooks.example.com/database-connection-issues',
      inconsistency: 'https://runbooks.example.com/data-inconsistency',
      rollback: 'https://runbooks.example.com/rollback',
    },
  };
}
