import type { Locale } from '../../domain/people.ts';
import type { DumpPoint } from '../../domain/restore.ts';
import { approvalTexts as texts } from '../../messages/approval.ts';
import { showBytes } from '../../messages/dump.ts';
import { inPlaceTexts } from '../../messages/in-place.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { pitrTexts } from '../../messages/pitr.ts';
import { showMoment, showSize } from '../../messages/units.ts';
import { code, escaped } from './mrkdwn.ts';
import { type RestorePlan, type Situation, timeZoneOf } from './situation.ts';

/** What it goes back to: the snapshot, or the moment and whose log reaches it. */
export function pointLines(situation: Situation, { decided, shown }: RestorePlan): readonly string[] {
  const { locale, now } = situation;
  const { recoveryPoint: point, source } = decided;
  if (point.kind === 'dump') return dumpLines(point, locale);
  const about = {
    instance: code(point.instanceId),
    size: showSize(point.sizeGiB, locale),
    engine: escaped(point.engineVersion),
    encrypted: point.encrypted,
  };
  if (point.kind === 'snapshot')
    return [code(point.snapshotId), texts.pointKind(locale, { ...about, type: escaped(point.type) })];
  const on = (at: string) => showMoment(at, timeZoneOf(situation), now, locale).utc;
  const { window } = shown;
  return [
    point.at === null ? pitrTexts.latestMoment(locale) : code(on(point.at)),
    pitrTexts.log(locale, about),
    ...(source && source.resourceId !== point.resourceId
      ? [pitrTexts.earlier(locale, { instance: about.instance })]
      : []),
    ...(window ? [pitrTexts.reaches(locale, { from: on(window.earliest), to: on(window.latest) })] : []),
  ];
}

const dumpLines = ({ bucket, key, database, sizeBytes, serverVersion, adopted }: DumpPoint, locale: Locale) => [
  code(`s3://${bucket}/${key}`),
  texts.dumpKind(locale, {
    database: code(database),
    size: showBytes(sizeBytes, locale),
    engine: escaped(serverVersion),
  }),
  ...(adopted ? [texts.dumpAdopted(locale)] : []),
];

/** What stands after it, whatever happens. */
export function keptLine({ decided, shown, bound }: RestorePlan, locale: Locale): string {
  const { source, recoveryPoint } = decided;
  if (shown.kept !== undefined) return besideTexts.kept(locale, { kept: code(shown.kept) });
  if (shown.rescue !== undefined)
    return inPlaceTexts.kept(locale, { snapshot: code(shown.rescue), environment: escaped(bound.environment) });
  if (source) return texts.keptInstance(locale, { instance: code(source.id) });
  if (recoveryPoint.kind === 'dump') return texts.keptDump(locale);
  return recoveryPoint.kind === 'snapshot' ? texts.keptNothing(locale) : pitrTexts.kept(locale);
}
