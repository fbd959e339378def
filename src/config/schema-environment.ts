import { z } from 'zod';
import { expected } from '../messages/config-expected.ts';
import { checks } from './schema-checks.ts';
import {
  between,
  bucket,
  channel,
  cluster,
  days,
  group,
  instanceName,
  label,
  language,
  link,
  list,
  namespace,
  oneOf,
  region,
  role,
  schedule,
  text,
  timeZone,
  whole,
  words,
  yesOrNo,
} from './shapes.ts';

const key = (example: string) => words(expected.secretKey, example);

/** A role of the database with a login in a secret of its own. The keys' defaults are those that RDS itself writes. */
const roleSecret = (example: string) =>
  z
    .strictObject({
      secret: words(expected.secret, example),
      keys: z
        .strictObject({ user: key('username').default('username'), password: key('password').default('password') })
        .prefault({})
        .meta({ example: '{ user: username, password: password }' }),
    })
    .meta({ example: `{ secret: ${example} }` });

const database = z
  .strictObject({
    instance: instanceName,
    name: words(expected.database, 'ecommerce_production'),
    timeZone: timeZone.default('UTC'),
    verifyRole: roleSecret('production/pitcrew/verify'),
    fenceRole: roleSecret('production/pitcrew/fence'),
    masterRole: roleSecret('production/pitcrew/master').exactOptional(),
    readers: list(role, expected.roles, '[analytics]').default([]),
  })
  .meta({
    example:
      '{ instance: ecommerce-production, name: ecommerce_production, verifyRole: { secret: production/pitcrew/verify }, fenceRole: { secret: production/pitcrew/fence } }',
  });

const keysExample = '{ host: DB_HOST, port: DB_PORT, database: DB_NAME, user: DB_USERNAME, password: DB_PASSWORD }';
const secret = z
  .strictObject({
    id: words(expected.secret, 'production/ecommerce/config'),
    keys: z
      .strictObject({
        host: key('DB_HOST'),
        port: key('DB_PORT'),
        database: key('DB_NAME'),
        user: key('DB_USERNAME'),
        password: key('DB_PASSWORD'),
        readHost: key('DB_READ_HOST').exactOptional(),
      })
      .meta({ example: keysExample }),
  })
  .meta({ example: `{ id: production/ecommerce/config, keys: ${keysExample} }` });

/** The option that names a workload says what it is. */
export const workloadKinds = { deployment: 'deployment', statefulSet: 'stateful-set', cronJob: 'cron-job' } as const;
export const workloadOptions = Object.keys(workloadKinds) as readonly (keyof typeof workloadKinds)[];

const workload = z
  .strictObject({
    cluster: cluster.exactOptional(),
    namespace,
    deployment: label(expected.deployment, 'ecommerce-backend').exactOptional(),
    statefulSet: label(expected.statefulSet, 'ecommerce-worker').exactOptional(),
    cronJob: label(expected.cronJob, 'ecommerce-invoices').exactOptional(),
    replicas: whole(1, 1000, '4').exactOptional(),
  })
  .refine((given) => workloadOptions.filter((option) => given[option] !== undefined).length === 1)
  .meta({
    expected: expected.workload,
    example: '{ cluster: prod, namespace: production, deployment: ecommerce-backend }',
  });

const tools = z
  .strictObject({
    cluster: cluster.exactOptional(),
    namespace,
    deployment: label(expected.deployment, 'tools'),
    container: label(expected.container, 'tools').exactOptional(),
  })
  .meta({ example: '{ namespace: production, deployment: tools, container: tools }' });

const dumps = z
  .strictObject({
    bucket: bucket('ecommerce-backups'),
    prefix: text(/^([^/\s]+\/)+$/, expected.dumpPrefix, 'database/'),
    runner: oneOf(['job', 'exec']).default('job'),
    image: text(/^[a-z0-9][^\s@]*(@sha256:[0-9a-f]{64})?$/, expected.image, 'acme/pitcrew:1').exactOptional(),
    serviceAccount: label(expected.serviceAccount, 'pitcrew-dumps').exactOptional(),
    tools: tools.exactOptional(),
  })
  .meta({ example: '{ bucket: ecommerce-backups, prefix: database/, image: "acme/pitcrew:1" }' });

const channels = z
  .strictObject({
    incident: channel,
    stakeholders: list(channel, expected.channels, '[C0BIZ]').default([]),
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
    cutOver: whole(1, 10, '1').default(1),
  })
  .prefault({})
  .meta({ example: '{ required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10 }' });

const objectives = z
  .strictObject({ rtoMinutes: between(1, 10_080, '60').default(60), rpoMinutes: between(1, 10_080, '15').default(15) })
  .prefault({})
  .meta({ example: '{ rtoMinutes: 60, rpoMinutes: 15 }' });

const securityGroup = text(/^sg-[0-9a-z]+$/, expected.securityGroup, 'sg-0a1b2c3d');

const restore = z
  .strictObject({
    order: oneOf(['stop-first', 'restore-first']).default('stop-first'),
    onFailure: oneOf(['return', 'stay-stopped']).default('return'),
    prestage: yesOrNo.default(false),
    findingsWithinMinutes: between(0, 1440, '10').default(10),
    cutOverWithinMinutes: between(0.1, 1440, '60').default(60),
    pollSeconds: between(0.1, 300, '15').default(15),
    stopWithinMinutes: between(0.1, 120, '10').default(10),
    startWithinMinutes: between(0.1, 120, '15').default(15),
    provenSeconds: between(1, 600, '30').default(30),
    keepDays: between(0, 365, '7').default(7),
    profile: z
      .strictObject({
        instanceClass: text(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, expected.instanceClass, 'db.r6g.large').exactOptional(),
        subnetGroup: words(expected.subnetGroup, 'prod').exactOptional(),
        securityGroups: list(securityGroup, expected.securityGroups, '[sg-0a1b2c3d]').min(1).exactOptional(),
        parameterGroup: words(expected.parameterGroup, 'prod-pg15').exactOptional(),
        publiclyAccessible: yesOrNo.exactOptional(),
        caCertificate: words(expected.caCertificate, 'rds-ca-rsa2048-g1').exactOptional(),
        networkType: oneOf(['IPV4', 'DUAL']).exactOptional(),
      })
      .prefault({})
      .meta({ example: '{ subnetGroup: prod, securityGroups: [sg-0a1b2c3d], parameterGroup: prod-pg15 }' }),
  })
  .prefault({})
  .meta({ example: '{ order: stop-first, onFailure: return }' });

/** The same three tiers wherever there are any. */
const tiers = <Shape extends z.ZodType>(
  shape: (example: string) => Shape,
  examples: readonly [string, string, string],
) =>
  z
    .strictObject({
      hourly: shape(examples[0]).exactOptional(),
      daily: shape(examples[1]).exactOptional(),
      weekly: shape(examples[2]).exactOptional(),
    })
    .prefault({})
    .meta({ example: `{ hourly: ${examples[0]}, daily: ${examples[1]}, weekly: ${examples[2]} }` });

const level = z
  .strictObject({
    level: words(expected.levelName, 'L2'),
    group: group.exactOptional(),
    link: link('https://support.example.com').exactOptional(),
    afterMinutes: between(0, 1440, '15').default(0),
  })
  .refine(({ group, link }) => (group === undefined) !== (link === undefined))
  .meta({ expected: expected.level, example: '{ level: L2, group: S0DBA, afterMinutes: 15 }' });

export const environment = z
  .strictObject({
    region,
    database,
    secret,
    workloads: list(
      workload,
      expected.workloads,
      '[{ cluster: prod, namespace: production, deployment: ecommerce-backend }]',
    ).min(1),
    dumps: dumps.exactOptional(),
    channels,
    approvals,
    objectives,
    restore,
    checks,
    schedules: tiers(schedule, ['"0 * * * *"', '"30 2 * * *"', '"0 3 * * 0"']),
    retention: tiers(days, ['7d', '30d', '90d']),
    escalation: list(level, expected.levels, '[{ level: L1, group: S0DEVOPS }]').default([]),
    runbooks: z
      .record(words(expected.runbookName, 'connection'), link('https://wiki.example.com/runbooks/connection'))
      .default({})
      .meta({ expected: expected.runbooks, example: '{ connection: "https://wiki.example.com/runbooks/connection" }' }),
  })
  .meta({
    example: '{ region: eu-west-1, database: { … }, secret: { … }, workloads: [ … ], channels: { … }, checks: { … } }',
  });
