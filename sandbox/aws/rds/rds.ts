import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AwsError } from '../error.ts';
import { type AwsContext, type AwsService, losesAnswer } from '../service.ts';
import type { XmlObject } from '../xml.ts';
import { describeAccountAttributes, describeEvents } from './actions/account.ts';
import {
  addProxy,
  addRole,
  createSubscription,
  deleteSubscription,
  describeProxies,
  describeProxyTargetGroups,
  describeProxyTargets,
  describeSubscriptions,
  removeRole,
} from './actions/attachments.ts';
import { deleteAutomatedBackup, describeAutomatedBackups } from './actions/automated-backups.ts';
import { deleteInstance } from './actions/delete.ts';
import {
  describeOptionGroups,
  describeParameterGroups,
  describeParameters,
  describeSubnetGroups,
} from './actions/groups.ts';
import { createInstance, describeInstances, rebootInstance } from './actions/instances.ts';
import { describeLogFiles, downloadLogPortion } from './actions/logs.ts';
import { modifyInstance } from './actions/modify.ts';
import {
  createParameterGroup,
  deleteParameterGroup,
  modifyParameterGroup,
  resetParameterGroup,
} from './actions/parameter-groups.ts';
import { createReplica, promoteReplica } from './actions/replicas.ts';
import { restoreFromSnapshot, restoreToPointInTime } from './actions/restore.ts';
import { createSnapshot, deleteSnapshot, describeSnapshots } from './actions/snapshots.ts';
import { addTags, listTags, removeTags } from './actions/tags.ts';
import { answer } from './answer.ts';
import { knownIdentifier } from './checks.ts';
import { takeDailyBackups } from './daily-backups.ts';
import { RdsError } from './errors.ts';
import { type Form, readForm } from './form.ts';
import { openRegion, type RdsOptions } from './open-region.ts';
import type { RdsPaces } from './paces.ts';
import { arn, type Quotas, type Region, statusOf } from './region.ts';

export type { RdsOptions };

/** RDS for PostgreSQL in one region. Every instance is a PostgreSQL cluster, every snapshot a physical backup. */
export interface Rds extends AwsService {
  readonly name: 'rds';
  /** The certificate authority of the instances' TLS, in PEM; the file is there once `ready` is. */
  readonly caFile: string;
  /** Settled when the certificates and the template cluster are made; every request waits for it. */
  readonly ready: Promise<void>;
  /** What is behind an instance: where it listens, its files, and the folder of the socket at which `rdsadmin` may log in. */
  instance(id: string): RdsInstance | undefined;
  /** Shows `status` for that identifier, now or when it comes to be, for so many seconds or until `undefined` is forced. */
  force(id: string, status: string | undefined, seconds?: number): void;
  /**
   * The hour of the daily backups: every instance that has them on goes through `backing-up` and has a new automated
   * snapshot; what is older than its retention is gone, retained backups of deleted instances too. They don't come by
   * themselves: a sandbox rarely lives a day. @throws when an instance isn't available
   */
  dailyBackups(): Promise<void>;
  /** Lets what comes after `during` (`creating` unless said otherwise) end for that identifier in `incompatible-restore`, `failed` … */
  endIn(id: string, status: string, during?: string): void;
  /** There is no capacity of that class: neither for new instances nor for changes. */
  shortage(instanceClass: string, on: boolean): void;
  /** The key can't be used: what it encrypts can't be restored, and instances are `inaccessible-encryption-credentials`. */
  lockKey(kmsKeyId: string, on: boolean): void;
  /** An RDS Proxy in front of an instance, for describing; nothing listens there. */
  addProxy(name: string, instanceId: string): void;
  /** Takes effect on statuses that are already waiting. */
  set paces(paces: Partial<RdsPaces>);
  set quotas(quotas: Partial<Quotas>);
  /** Stops every cluster and removes all files. */
  close(): Promise<void>;
}

export interface RdsInstance {
  /** 0 while it is being created. */
  readonly port: number;
  readonly dataFolder: string;
  readonly socketFolder: string;
  /** Where its WAL goes. */
  readonly archiveFolder: string;
  readonly status: string;
}

type Action = (region: Region, form: Form) => XmlObject | undefined | Promise<XmlObject>;

const actions: Readonly<Record<string, Action>> = {
  AddRoleToDBInstance: addRole,
  AddTagsToResource: addTags,
  CreateDBInstance: createInstance,
  CreateDBInstanceReadReplica: createReplica,
  CreateDBParameterGroup: createParameterGroup,
  CreateDBSnapshot: createSnapshot,
  CreateEventSubscription: createSubscription,
  DeleteDBInstance: deleteInstance,
  DeleteDBInstanceAutomatedBackup: deleteAutomatedBackup,
  DeleteDBParameterGroup: deleteParameterGroup,
  DeleteDBSnapshot: deleteSnapshot,
  DeleteEventSubscription: deleteSubscription,
  DescribeAccountAttributes: describeAccountAttributes,
  DescribeDBInstanceAutomatedBackups: describeAutomatedBackups,
  DescribeDBInstances: describeInstances,
  DescribeDBLogFiles: describeLogFiles,
  DescribeDBParameterGroups: describeParameterGroups,
  DescribeDBParameters: describeParameters,
  DescribeDBProxies: describeProxies,
  DescribeDBProxyTargetGroups: describeProxyTargetGroups,
  DescribeDBProxyTargets: describeProxyTargets,
  DescribeDBSnapshots: describeSnapshots,
  DescribeDBSubnetGroups: describeSubnetGroups,
  DescribeEventSubscriptions: describeSubscriptions,
  DescribeEvents: describeEvents,
  DescribeOptionGroups: describeOptionGroups,
  DownloadDBLogFilePortion: downloadLogPortion,
  ListTagsForResource: listTags,
  ModifyDBInstance: modifyInstance,
  ModifyDBParameterGroup: modifyParameterGroup,
  PromoteReadReplica: promoteReplica,
  RebootDBInstance: rebootInstance,
  RemoveRoleFromDBInstance: removeRole,
  RemoveTagsFromResource: removeTags,
  ResetDBParameterGroup: resetParameterGroup,
  RestoreDBInstanceFromDBSnapshot: restoreFromSnapshot,
  RestoreDBInstanceToPointInTime: restoreToPointInTime,
};

export function createRds(options: RdsOptions): Rds {
  const closing = new AbortController();
  const region = openRegion(options, closing.signal);
  const caFile = join(options.household.folder, `rds-ca-${options.region}.pem`);
  const ready = region.prepare(caFile);
  ready.catch(() => {}); // every request reports it
  return {
    name: 'rds',
    caFile,
    ready,
    async handle(request, response, context) {
      if (context.region !== options.region) throw elsewhere(context.region);
      await ready;
      await respond(region, request, response, context);
    },
    instance(id) {
      const instance = region.instances.get(id.toLowerCase());
      if (!instance) return undefined;
      const { port, dataFolder, folder } = instance.cluster;
      const { archiveFolder } = instance;
      return { port, dataFolder, socketFolder: folder, archiveFolder, status: statusOf(region, instance) };
    },
    force(id, status, seconds = Number.POSITIVE_INFINITY) {
      if (status === undefined) region.forced.delete(id.toLowerCase());
      else region.forced.set(id.toLowerCase(), { status, until: performance.now() + seconds * 1000 });
    },
    endIn: (id, status, during = 'creating') => void region.fates.set(id.toLowerCase(), { status, during }),
    shortage: (instanceClass, on) => toggle(region.shortages, instanceClass, on),
    lockKey: (kmsKeyId, on) => toggle(region.lockedKeys, kmsKeyId, on),
    addProxy: (name, instanceId) => addProxy(region, name, instanceId),
    dailyBackups: () => takeDailyBackups(region),
    set paces(paces: Partial<RdsPaces>) {
      region.paces = { ...region.paces, ...paces };
    },
    set quotas(quotas: Partial<Quotas>) {
      region.quotas = { ...region.quotas, ...quotas };
    },
    async close() {
      closing.abort();
      await ready.catch(() => {});
      const instances = [...region.instances.values()];
      await Promise.allSettled(instances.map(({ work }) => work));
      await Promise.all(instances.map(({ cluster }) => cluster.remove()));
      region.instances.clear();
      region.snapshots.clear();
      await rm(region.folder, { recursive: true, force: true, maxRetries: 5 });
      await rm(caFile, { force: true });
    },
  };
}

function toggle(set: Set<string>, value: string, on: boolean): void {
  if (on) set.add(value);
  else set.delete(value);
}

/** As AWS's endpoint of one region answers a request that is signed for another. */
const elsewhere = (region: string) =>
  new AwsError('SignatureDoesNotMatch', 403, `Credential should be scoped to a valid region, not '${region}'.`);

/** Refusals are thrown: the front door answers them. */
async function respond(region: Region, request: IncomingMessage, response: ServerResponse, context: AwsContext) {
  const form = await readForm(request);
  const name = form.text('Action') ?? '';
  const fault = await context.fault(name, { resource: resourceOf(region, form) });
  if (response.writableEnded || response.destroyed) return;
  const result = perform(region, name, form);
  if (fault && losesAnswer(fault)) {
    await result.catch(() => {}); // a refusal's answer is lost like any other
    response.destroy();
    return;
  }
  const body = answer(name, await result, context.requestId);
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(body);
}

async function perform(region: Region, name: string, form: Form): Promise<XmlObject | undefined> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new RdsError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
  return action(region, form);
}

/** What IAM names in a refusal. */
function resourceOf(region: Region, form: Form): string {
  const instance = form.text('DBInstanceIdentifier') ?? form.text('TargetDBInstanceIdentifier');
  const group = form.text('DBParameterGroupName');
  const snapshot = form.text('DBSnapshotIdentifier');
  if (instance) return arn(region, 'db', knownIdentifier(instance, 'db'));
  if (snapshot) return arn(region, 'snapshot', knownIdentifier(snapshot, 'snapshot'));
  if (group) return arn(region, 'pg', group.toLowerCase());
  return form.text('ResourceName') ?? '*';
}
