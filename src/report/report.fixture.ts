import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locale } from '../domain/people.ts';
import type { Chronicle } from '../domain/state.ts';
import { chronicled, closed, done, intent, type Timed } from '../slack/views/events.fixture.ts';
import { acceptedAll, found, toTheEnd } from '../slack/views/night.fixture.ts';
import { production, restorePlanOf } from '../slack/views/plans.fixture.ts';
import { type Reported, writeReport } from './report.ts';

// Stories of a night, as reports are written of them. Called by its name it writes them for a person to look at:
// node src/report/report.fixture.ts <folder>

const failedUndo = {
  actor: 'worker',
  run: 'run-1',
  epoch: 1,
  data: {
    step: 'stop-application',
    direction: 'undo' as const,
    attempt: 1,
    error: { code: 'kubernetes.unreachable', kind: 'retryable' as const, params: { cluster: 'prod' } },
  },
};

export const stories: Readonly<Record<string, (language: Locale) => readonly Timed[]>> = {
  succeeded: (language) => [
    ...acceptedAll(language),
    done(832, 'judge-verification', { outcome: 'accepted', by: ['U0AMIR', 'U0WEI'], findings: 2 }),
    ...toTheEnd(840),
  ],
  'failed and back': (language) => [
    ...found(language),
    intent(769, 'stop-application', 'undo'),
    [771, { ...failedUndo, type: 'failed' }],
    done(775, 'stop-application', {}, 'undo'),
    intent(776, 'record-application', 'undo'),
    done(800, 'record-application', {}, 'undo'),
    closed(801, 'failed', 'old-database', { code: 'restore.verification-failed', params: { failed: 2 } }),
  ],
};

export const reportedOf = (chronicle: Chronicle, locale: Locale): Reported => ({
  ...chronicle,
  ...(chronicle.state.plan ? { plan: restorePlanOf() } : {}),
  environment: production,
  locale,
  now: chronicle.events.at(-1)?.at ?? '',
});

const [, script, folder] = process.argv;
if (folder !== undefined && script !== undefined && import.meta.filename === script)
  for (const [name, story] of Object.entries(stories))
    for (const locale of ['en', 'zh-TW'] as const) {
      const { markdown, picture } = writeReport(reportedOf(chronicled(story(locale)), locale));
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${name.replaceAll(' ', '-')}.${locale}`);
      writeFileSync(`${file}.md`, markdown);
      writeFileSync(`${file}.png`, picture);
    }
