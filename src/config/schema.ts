import { z } from 'zod';
import {
  between,
  bucket,
  channel,
  column,
  group,
  instanceName,
  label,
  link,
  list,
  oneOf,
  region,
  table,
  text,
  timeZone,
  user,
  whole,
  words,
  yesOrNo,
} from './shapes.ts';

const language = oneOf(['en', 'zh-TW']);
const key = (example: string) => words('the name of a key of the secret', example);

const ledger = z
  .strictObject({
    bucket,
    region,
    prefix: text(/^[^/\s](\S*[^/\s])?$/, 'a prefix without a slash at either end', 'prod').default('pitcrew'),
  })
  .meta({ example: '{ bucket: acme-pitcrew-ledger, region: eu-central-1, prefix: prod }' });

const slack = z
  .strictObject({
    commands: text(/^\/[a-z0-9_-]{1,31}$/, 'a slash command', '/backup').default('/backup'),
    incidentChannels: list(
      text(/^[a-z0-9_*-]{1,80}$/, 'the name of a channel or a pattern of names', 'inc-*'),
      'a list of channel names and patterns',
      '["inc-*"]',
    ).default(['inc-*']),
    language: language.default('en'),
  })
  .meta({ example: '{ commands: /backup, incidentChannels: ["inc-*"], language: en }' });

const people = z
  .strictObject({
    approvers: z
      .strictObject({
        users: list(user, 'a list of Slack user ids', '[U0DBA1, U0DBA2]').default([]),
        groups: list(group, 'a list of Slack group ids', '[S0DBA]').default([]),
      })
      .meta({ example: '{ users: [U0DBA1, U0DBA2], groups: [S0DBA] }' }),
  })
  .meta({ example: '{ approvers: { users: [U0DBA1, U0DBA2], groups: [S0DBA] } }' });

/** A role of pitcrew's own in the database. The keys' defaults are those that RDS itself writes. */
const role = (name: string) =>
  z
    .strictObject({
      secret: words('the id of a secret', `production/pitcrew/${name}`),
      keys: z
        .strictObject({
          user: key('username').default('username'),
          password: key('password').default('password'),
        })
        .prefault({})
        .meta({ example: '{ user: username, password: password }' }),
    })
    .meta({ example: `{ secret: production/pitcrew/${name} }` });

const database = z
  .strictObject({
    instance: instanceName,
    name: words('the name of the database', 'ecommerce_production'),
    timeZone: timeZone.default('UTC'),
    verifyRole: role('verify'),
    fenceRole: role('fence'),
  })
  .meta({
    example:
      '{ instance: ecommerce-production, name: ecommerce_production, verifyRole: { secret: production/pitcrew/verify }, fenceRole: { secret: production/pitcrew/fence } }',
  });

const secret = z
  .strictObject({
    id: words('the id of a secret', 'production/ecommerce/config'),
    keys: z
      .strictObject({
        host: key('DB_HOST'),
        port: key('DB_PORT'),
        database: key('DB_NAME'),
        user: key('DB_USERNAME'),
        password: key('DB_PASSWORD'),
      })
      .meta({
        example: '{ host: DB_HOST, port: DB_PORT, database: DB_NAME, user: DB_USERNAME, password: DB_PASSWORD }',
      }),
  })
  .meta({
    example:
      '{ id: production/ecommerce/config, keys: { host: DB_HOST, port: DB_PORT, database: DB_NAME, user: DB_USERNAME, password: DB_PASSWORD } }',
  });

const cluster = words('a context of the kubeconfig; left out, the current one', 'prod').exactOptional();
const namespace = label('a Kubernetes namespace', 'production');

/** The option that names a workload says what it is: exactly one of these. */
export const workloadKinds = { deployment: 'deployment', statefulSet: 'stateful-set', cronJob: 'cron-job' } as const;
export type WorkloadOption = keyof typeof workloadKinds;
export const workloadOptions = Object.keys(workloadKinds) as readonly WorkloadOption[];

const workload = z
  .strictObject({
    cluster,
    namespace,
    deployment: label('the name of a Deployment', 'ecommerce-backend').exactOptional(),
    statefulSet: label('the name of a StatefulSet', 'ecommerce-search').exactOptional(),
    cronJob: label('the name of a CronJob', 'ecommerce-invoices').exactOptional(),
    replicas: whole(1, 1000, '4').exactOptional(),
  })
  .meta({ example: '{ cluster: prod, namespace: production, deployment: ecommerce-backend }' });

const channels = z
  .strictObject({
    incident: channel,
    stakeholders: list(channel, 'a list of channel ids', '[C0BIZ]').default([]),
    audit: channel.exactOptional(),
    language: language.exactOptional(),
  })
  .meta({ example: '{ incident: C0INC, stakeholders: [C0BIZ], audit: C0AUDIT }' });

const approvals = z
  .strictObject({
    required: whole(1, 10, '2').default(2),
    requesterCounts: yesOrNo.default(false),
    approveWithinMinutes: between(0.1, 1440, '30').default(30),
    startWithinMinutes: between(0.1, 1440, '10').default(10),
  })
  .prefault({})
  .meta({ example: '{ required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10 }' });

const objectives = z
  .strictObject({ rtoMinutes: between(1, 10_080, '60').default(60), rpoMinutes: between(1, 10_080, '15').default(15) })
  .prefault({})
  .meta({ example: '{ rtoMinutes: 60, rpoMinutes: 15 }' });

const restore = z
  .strictObject({
    order: oneOf(['stop-first']).default('stop-first'),
    onFailure: oneOf(['return', 'stay-stopped']).default('return'),
    pollSeconds: between(0.1, 300, '15').default(15),
    stopWithinMinutes: between(0.1, 120, '10').default(10),
    startWithinMinutes: between(0.1, 120, '15').default(15),
    provenSeconds: between(1, 600, '30').default(30),
    profile: z
      .strictObject({
        instanceClass: text(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, 'an RDS instance class', 'db.r6g.large').exactOptional(),
        subnetGroup: words('the name of a DB subnet group', 'prod').exactOptional(),
        securityGroups: list(
          text(/^sg-[0-9a-z]+$/, 'the id of a security group', 'sg-0a1b2c3d'),
          'a list of security group ids',
          '[sg-0a1b2c3d]',
        )
          .min(1)
          .exactOptional(),
        parameterGroup: words('the name of a DB parameter group', 'prod-pg15').exactOptional(),
      })
      .prefault({})
      .meta({ example: '{ subnetGroup: prod, securityGroups: [sg-0a1b2c3d], parameterGroup: prod-pg15 }' }),
  })
  .prefault({})
  .meta({ example: '{ order: stop-first, onFailure: return }' });

const expectation = z
  .strictObject({
    value: z
      .union([z.string(), z.number(), z.boolean()])
      .meta({ expected: 'a text, a number, true or false', example: '0' })
      .exactOptional(),
    rows: whole(0, Number.MAX_SAFE_INTEGER, '0').exactOptional(),
    minimum: z.number().meta({ expected: 'a number', example: '1' }).exactOptional(),
    notOlderThanMinutes: between(0, 525_600, '30').exactOptional(),
    withinSeconds: between(0, 3600, '5').exactOptional(),
  })
  .refine((wanted) => Object.keys(wanted).length > 0)
  .meta({
    expected: 'at least one of value, rows, minimum, notOlderThanMinutes, withinSeconds',
    example: '{ value: 0 }',
  });

const query = z
  .strictObject({
    name: words('a name that people read', 'newest order'),
    sql: words('a query that only reads', '"select count(*) from orders where total < 0"'),
    expect: expectation,
  })
  .meta({ example: '{ name: newest order, sql: "select max(created_at) from orders", expect: { minimum: 1 } }' });
const queries = (example: string) => list(query, 'a list of queries', example).default([]);

const checks = z
  .strictObject({
    gateMinutes: between(0.1, 120, '5').default(5),
    critical: list(table, 'a list of at least one table', '[customers, orders, order_items]').min(1),
    relations: list(
      z.strictObject({ from: column, to: column }).meta({ example: '{ from: orders.customer_id, to: customers.id }' }),
      'a list of relations',
      '[{ from: orders.customer_id, to: customers.id }]',
    ).default([]),
    queries: queries(
      '[{ name: newest order, sql: "select max(created_at) from orders", expect: { notOlderThanMinutes: 30 } }]',
    ),
    rules: queries(
      '[{ name: no negative total, sql: "select count(*) from orders where total < 0", expect: { value: 0 } }]',
    ),
  })
  .meta({ example: '{ critical: [customers, orders, order_items] }' });

const environment = z
  .strictObject({
    region,
    database,
    secret,
    workloads: list(
      workload,
      'a list of at least one workload: everything that writes',
      '[{ cluster: prod, namespace: production, deployment: ecommerce-backend }]',
    ).min(1),
    channels,
    approvals,
    objectives,
    restore,
    checks,
    runbooks: z
      .record(words('a word', 'connection'), link)
      .default({})
      .meta({ expected: 'links by name', example: '{ connection: "https://wiki.example.com/runbooks/connection" }' }),
  })
  .meta({ example: 'the options region, database, secret, workloads, channels and checks' });

/** A name that people type after a command; also a part of names in AWS, hence the form. */
const environmentName = text(/^[a-z][a-z0-9-]{0,30}$/, 'a short name in lower case', 'production');

/** The whole of pitcrew.yaml: every option with its bounds, its default and an example. */
export const settingsSchema = z.strictObject({
  ledger,
  slack: slack.prefault({}),
  people,
  environments: z
    .record(environmentName, environment)
    .refine((all) => Object.keys(all).length > 0)
    .meta({ expected: 'at least one environment', example: 'production: { region: eu-west-1, … }' }),
});

export type FileSettings = z.infer<typeof settingsSchema>;
