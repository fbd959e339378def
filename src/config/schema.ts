import { z } from 'zod';
import { usualCommand } from '../domain/people.ts';
import { principalForm } from '../domain/principals.ts';
import { expected } from '../messages/config-expected.ts';
import { environment } from './schema-environment.ts';
import { bucket, group, language, list, region, text, user } from './shapes.ts';

const ledger = z
  .strictObject({
    bucket: bucket('acme-pitcrew-ledger'),
    region,
    prefix: text(/^[^/\s](\S*[^/\s])?$/, expected.prefix, 'prod').default('pitcrew'),
  })
  .meta({ example: '{ bucket: acme-pitcrew-ledger, region: eu-central-1, prefix: prod }' });

const slack = z
  .strictObject({
    commands: text(/^\/[a-z0-9_-]{1,31}$/, expected.slashCommand, usualCommand).default(usualCommand),
    incidentChannels: list(
      text(/^[a-z0-9_*-]{1,80}$/, expected.channelName, 'inc-*'),
      expected.channelNames,
      '["inc-*"]',
    ).default(['inc-*']),
    language: language.default('en'),
  })
  .meta({ example: '{ commands: /backup, incidentChannels: ["inc-*"], language: en }' });

const people = z
  .strictObject({
    approvers: z
      .strictObject({
        users: list(user, expected.users, '[U0DBA1, U0DBA2]').default([]),
        groups: list(group, expected.groups, '[S0DBA]').default([]),
      })
      .meta({ example: '{ users: [U0DBA1, U0DBA2], groups: [S0DBA] }' }),
    breakGlass: z
      .strictObject({ users: list(user, expected.users, '[U0ONCALL]').default([]) })
      .prefault({})
      .meta({ example: '{ users: [U0ONCALL] }' }),
    identities: z
      .record(user, text(principalForm, expected.principal, 'arn:aws:iam::123456789012:user/dba1'))
      .default({})
      .meta({ expected: expected.identities, example: '{ U0DBA1: "arn:aws:iam::123456789012:user/dba1" }' }),
  })
  .meta({ example: '{ approvers: { users: [U0DBA1, U0DBA2], groups: [S0DBA] } }' });

/** A name that people type after a command; also a part of names in AWS, hence the form. */
const environmentName = text(/^[a-z][a-z0-9-]{0,30}$/, expected.environmentName, 'production');

/** The whole of pitcrew.yaml: every option with its bounds, its default and an example. */
export const settingsSchema = z.strictObject({
  ledger,
  slack: slack.prefault({}),
  people,
  environments: z
    .record(environmentName, environment)
    .refine((all) => Object.keys(all).length > 0)
    .meta({ expected: expected.environments, example: 'production: { region: eu-west-1, … }' }),
});

export type FileSettings = z.infer<typeof settingsSchema>;
export type FileEnvironment = FileSettings['environments'][string];
