import type { Rds } from '../clients/rds.ts';
import type { SecretDocument } from '../clients/secrets.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { Note, SettingShown } from '../domain/restore.ts';
import type { SourceSettings } from './source-settings.ts';

/** What starts by itself in a restored database, or follows the old one: names only. */
export interface Dependents {
  readonly slots: readonly string[];
  readonly subscriptions: readonly string[];
  readonly foreignServers: readonly string[];
  /** pg_cron is there; whose jobs it has, only their owners may see. */
  readonly cron: boolean;
}

export interface HandOverGiven {
  readonly sourceId: string;
  readonly targetId: string;
  /** The old instance is there and stays. */
  readonly stays: boolean;
  /** The old instance's status, where no server runs in it. */
  readonly down?: string | undefined;
  /** The role that the application logs in as. */
  readonly role: string;
  readonly source: SourceSettings;
  readonly settings: readonly SettingShown[];
  /** The parameter group that has changes which the old instance takes only at its next reboot. */
  readonly pendingParameters?: string | undefined;
  /** Null where the database doesn't answer. */
  readonly dependents: Dependents | null;
  readonly secret: SecretDocument;
  /** The keys that the switch changes itself. */
  readonly switchedKeys: readonly string[];
  readonly host: string;
  /** Of the snapshot that is taken of the old instance, where one is. */
  readonly rescue?: string | undefined;
}

/**
 * What pitcrew doesn't carry over and somebody has to see to, told before anything starts. What can't be read is said to
 * be so, never left out.
 */
export async function handOverNotes(
  rds: Pick<Rds, 'proxiesOf' | 'eventSubscriptionsOf'>,
  given: HandOverGiven,
): Promise<readonly Note[]> {
  const { sourceId, targetId, source, dependents, rescue } = given;
  const [proxies, subscriptions] = await Promise.all([
    readable('hand-over.proxies', 'hand-over.proxies-unread', () => rds.proxiesOf(sourceId)),
    readable('hand-over.event-subscriptions', 'hand-over.event-subscriptions-unread', () =>
      rds.eventSubscriptionsOf(sourceId),
    ),
  ]);
  return [
    ...(given.down
      ? [note('hand-over.old-instance-down', { instance: sourceId, status: given.down, role: given.role })]
      : given.stays
        ? [note('hand-over.old-instance-kept', {})]
        : []),
    ...(rescue ? [note('hand-over.rescue-snapshot', { snapshot: rescue, instance: sourceId })] : []),
    note('hand-over.terraform', { instance: sourceId, target: targetId }),
    ...named('hand-over.read-replicas', source.attached.readReplicas, { instance: sourceId, target: targetId }),
    ...proxies,
    ...source.attached.roles.map(({ arn, feature }) =>
      note('hand-over.iam-role', { role: arn, feature: feature || '-', target: targetId }),
    ),
    ...subscriptions,
    ...(source.attached.activityStream ? [note('hand-over.activity-stream', { target: targetId })] : []),
    note('hand-over.alarms', { instance: sourceId }),
    ...ofTheDatabase(dependents),
    ...ofSettings(given),
    ...ofTheSecret(given),
    note('hand-over.downstream', {}),
  ];
}

const note = (code: string, params: Note['params']): Note => ({ code, params });

function named(code: string, names: readonly string[], more: Note['params'] = {}): readonly Note[] {
  return names.length === 0 ? [] : [note(code, { names: names.join(', '), ...more })];
}

async function readable(
  code: string,
  unread: string,
  read: () => Promise<readonly string[]>,
): Promise<readonly Note[]> {
  try {
    return named(code, await read());
  } catch (error) {
    if (!(error instanceof PitcrewError)) throw error;
    const { action } = error.params;
    return [note(unread, { action: typeof action === 'string' ? action : 'rds', error: error.code })];
  }
}

function ofTheDatabase(dependents: Dependents | null): readonly Note[] {
  if (!dependents) return [note('hand-over.database-unread', {})];
  return [
    ...named('hand-over.replication-slots', dependents.slots),
    ...named('hand-over.subscriptions', dependents.subscriptions),
    ...named('hand-over.foreign-servers', dependents.foreignServers),
    ...(dependents.cron ? [note('hand-over.cron', {})] : []),
  ];
}

function ofSettings({ settings, targetId, pendingParameters }: HandOverGiven): readonly Note[] {
  const because = (reason: string) => settings.filter((one) => one.because === reason).map(({ name }) => name);
  return [
    ...(pendingParameters ? [note('hand-over.parameters-pending', { group: pendingParameters })] : []),
    ...named('hand-over.settings-unknown', because('setting.nobody-knows'), { target: targetId }),
    ...named('hand-over.settings-of-other-version', [
      ...because('setting.parameter-group-of-other-family'),
      ...because('setting.option-group-of-other-version'),
    ]),
  ];
}

/** A key that pitcrew doesn't know and that holds the old address: whoever reads it goes on to the old database. */
function ofTheSecret({ secret, switchedKeys, host }: HandOverGiven): readonly Note[] {
  const stale = Object.entries(secret)
    .filter(([key, value]) => !switchedKeys.includes(key) && typeof value === 'string' && value.includes(host))
    .map(([key]) => key);
  return named('hand-over.secret-mentions-host', stale.sort());
}
