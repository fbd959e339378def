import type { Locale } from '../../domain/people.ts';
import type { OperationState } from '../../domain/state.ts';
import { closed, done, failed, intent, planned, requested, told, turnedBack } from './events.fixture.ts';
import { after } from './plans.fixture.ts';

const asked = (language: Locale) => [requested('snapshot', language, 0), planned(3), intent(4, 'create-snapshot')];
const begun = (language: Locale) => [...asked(language), done(6, 'create-snapshot'), intent(7, 'await-snapshot')];
const made = (language: Locale) => [
  ...begun(language),
  done(190, 'await-snapshot', { snapshotId: 'pitcrew-0123456789ab', arn: 'arn', at: after(12), sizeGiB: 100 }),
  intent(191, 'check-snapshot'),
  done(192, 'check-snapshot', { encrypted: true, engineVersion: '15.4' }),
  intent(193, 'record-baseline'),
];

export const snapshotStories: Readonly<
  Record<string, (language: Locale) => { readonly state: OperationState; readonly seconds: number }>
> = {
  'snapshot running': (language) => ({
    state: told([...begun(language)]),
    seconds: 60,
  }),
  'snapshot complete': (language) => ({
    state: told([
      ...made(language),
      done(194, 'record-baseline', { key: 'baselines/arn', tables: 3, proven: 2 }),
      closed(195, 'succeeded', 'unchanged'),
    ]),
    seconds: 193,
  }),
  'snapshot without a baseline': (language) => ({
    state: told([
      ...made(language),
      done(194, 'record-baseline', { key: null, tables: 3, proven: 0, because: 'database.unreachable' }),
      closed(195, 'succeeded', 'unchanged'),
    ]),
    seconds: 193,
  }),
  'snapshot failed': (language) => ({
    state: told([
      ...asked(language),
      failed(6, 'create-snapshot', 'aws.quota', { action: 'rds:CreateDBSnapshot', quota: 'ManualSnapshots' }),
      turnedBack(7, 'create-snapshot', 'aws.quota', { action: 'rds:CreateDBSnapshot', quota: 'ManualSnapshots' }),
      closed(8, 'failed', 'unchanged'),
    ]),
    seconds: 9,
  }),
};
