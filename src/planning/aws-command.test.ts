import { expect, test } from 'vitest';
import { awsCommand, optionName } from './aws-command.ts';

test.each([
  ['DBInstanceIdentifier', 'db-instance-identifier'],
  ['MultiAZ', 'multi-az'],
  ['VpcSecurityGroupIds', 'vpc-security-group-ids'],
  ['EnableIAMDatabaseAuthentication', 'enable-iam-database-authentication'],
  ['CACertificateIdentifier', 'ca-certificate-identifier'],
  ['PerformanceInsightsKMSKeyId', 'performance-insights-kms-key-id'],
  ['EnableCloudwatchLogsExports', 'enable-cloudwatch-logs-exports'],
  ['Iops', 'iops'],
])('the option of %s is --%s, as AWS’s CLI has it', (parameter, option) => {
  expect(optionName(parameter)).toBe(option);
});

test('flags, lists and tags take the shapes that the CLI reads, and what is undefined is left out', () => {
  const request = {
    MultiAZ: true,
    PubliclyAccessible: false,
    Port: 5432,
    VpcSecurityGroupIds: ['sg-a', 'sg-b'],
    Tags: [{ Key: 'team', Value: 'the shop' }],
    Iops: undefined,
  };
  expect(awsCommand('rds', 'restore-db-instance-from-db-snapshot', request)).toEqual(
    [
      ['aws', 'rds', 'restore-db-instance-from-db-snapshot', '--multi-az', '--no-publicly-accessible'],
      ['--port', '5432', '--vpc-security-group-ids', 'sg-a', 'sg-b', '--tags', 'Key=team,Value=the shop'],
    ].flat(),
  );
});
