import type { XmlObject } from '../../xml.ts';
import { basesOf, restoreWindow } from '../backups.ts';
import { checkReferences } from '../catalogue.ts';
import { knownIdentifier, newIdentifier, readTags, refuseOthers, type Tag } from '../checks.ts';
import { invalidCombination, invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { bringBack, registerInstance } from '../lifecycle.ts';
import { checkRoom, findInstance, findSnapshot, type Instance, type Region } from '../region.ts';
import { readRestoredSettings, restorable } from '../restored-settings.ts';
import type { Settings } from '../settings.ts';
import { viewInstance } from '../views.ts';
import { findBackedUp } from './automated-backups.ts';
import { readPort } from './instances.ts';

const common = ['Engine', 'Port', 'Tags', 'UseDefaultProcessorFeatures'] as const;

export async function restoreFromSnapshot(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...restorable, ...common, 'DBInstanceIdentifier', 'DBSnapshotIdentifier']);
  const id = newIdentifier(form.required('DBInstanceIdentifier'), 'DBInstanceIdentifier', 63);
  const snapshot = findSnapshot(region, knownIdentifier(form.required('DBSnapshotIdentifier'), 'snapshot'));
  const settings = readRestoredSettings(region.name, snapshot.settings, form);
  const { master, databaseName, sourceTags } = snapshot;
  const create = prepare(region, form, id, settings, { masterUsername: master.username, databaseName, sourceTags });
  if (snapshot.status !== 'available') {
    throw new RdsError('InvalidDBSnapshotState', `Snapshot ${snapshot.id} is not in available state.`);
  }
  const instance = create();
  bringBack(region, instance, snapshot);
  return { DBInstance: await viewInstance(region, instance) };
}

const sources = ['SourceDBInstanceIdentifier', 'SourceDbiResourceId', 'SourceDBInstanceAutomatedBackupsArn'] as const;
const times = ['RestoreTime', 'UseLatestRestorableTime'] as const;
/** A growth limit can be given here and not with a snapshot. */
const restorableInTime = [...restorable, 'MaxAllocatedStorage'] as const;

export async function restoreToPointInTime(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...restorableInTime, ...common, ...sources, ...times, 'TargetDBInstanceIdentifier']);
  const id = newIdentifier(form.required('TargetDBInstanceIdentifier'), 'TargetDBInstanceIdentifier', 63);
  const source = findSource(region, form);
  if (source.settings.BackupRetentionPeriod === 0) {
    throw new RdsError('PointInTimeRestoreNotEnabled', `Point in time restore is not enabled for ${source.id}.`);
  }
  const until = readTime(region, form, source);
  const base = basesOf(region, source).findLast((snapshot) => snapshot.base.consistentAt <= until);
  if (!base) throw new RdsError('InvalidRestoreFault', `${source.id} has no automated backup from before that time.`);
  const settings = readRestoredSettings(region.name, source.settings, form, restorableInTime);
  const { masterUsername, databaseName, tags } = source;
  const instance = prepare(region, form, id, settings, { masterUsername, databaseName, sourceTags: tags })();
  bringBack(region, instance, base, { source, until });
  return { DBInstance: await viewInstance(region, instance) };
}

function findSource(region: Region, form: Form): Instance {
  const given = sources.flatMap((name) => {
    const value = form.text(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const [only] = given;
  if (!only || given.length > 1) throw invalidCombination(`Specify exactly one of ${sources.join(', ')}.`);
  if (only.name !== 'SourceDBInstanceIdentifier') return findBackedUp(region, only.value);
  return findInstance(region, knownIdentifier(only.value, 'db'));
}

function readTime(region: Region, form: Form, source: Instance): Date {
  const asked = form.instant('RestoreTime');
  const latestWanted = form.flag('UseLatestRestorableTime') ?? false;
  if (latestWanted === (asked !== undefined)) {
    throw invalidCombination('Specify either RestoreTime or UseLatestRestorableTime.');
  }
  const window = restoreWindow(region, source);
  if (!window) {
    throw new RdsError('InvalidDBInstanceState', `${source.id} has no automated backup to restore from yet.`);
  }
  const until = asked ?? window.latest;
  const refused = (word: string, edge: Date) =>
    invalidValue(
      `The specified instance cannot be restored to a time ${word} than ${edge.toISOString()}: ${until.toISOString()}.`,
    );
  if (until > window.latest) throw refused('later', window.latest);
  if (until < window.earliest) throw refused('earlier', window.earliest);
  return until;
}

interface Source {
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  readonly sourceTags: readonly Tag[];
}

/** Checks what both kinds of restore have in common; the instance is on the books only with the call of what it returns. */
function prepare(region: Region, form: Form, id: string, settings: Settings, source: Source): () => Instance {
  const { sourceTags, ...master } = source;
  if ((form.text('Engine') ?? 'postgres') !== 'postgres') {
    throw invalidValue(`The engine ${form.text('Engine')} is not compatible with that of the source, postgres.`);
  }
  checkReferences(region, settings);
  const port = readPort(form, 'Port');
  // "If there are no new tags, RDS looks for the tags from the source DB instance for the DB snapshot."
  const tags = readTags(form) ?? sourceTags;
  checkRoom(region, id, settings);
  return () => registerInstance(region, { ...master, id, settings, tags, port });
}
