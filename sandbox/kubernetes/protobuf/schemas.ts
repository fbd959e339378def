import type { Schema } from './decode.ts';

// Field numbers of k8s.io/api's and apimachinery's generated.proto, as far as the sandbox acts on the fields.

const ownerReference = (): Schema => ({
  1: ['kind', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['controller', 'bool'],
  7: ['blockOwnerDeletion', 'bool'],
});

const objectMeta = (): Schema => ({
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  11: ['labels', { map: 'string' }],
  12: ['annotations', { map: 'string' }],
  13: ['ownerReferences', { list: ownerReference }],
  14: ['finalizers', { list: 'string' }],
});

const labelSelector = (): Schema => ({
  1: ['matchLabels', { map: 'string' }],
  2: ['matchExpressions', { list: requirement }],
});
const requirement = (): Schema => ({
  1: ['key', 'string'],
  2: ['operator', 'string'],
  3: ['values', { list: 'string' }],
});

const reference = (): Schema => ({ 1: ['name', 'string'] });
const keySelector = (): Schema => ({ 1: ['', { inline: reference }], 2: ['key', 'string'], 3: ['optional', 'bool'] });
const wholeSource = (): Schema => ({ 1: ['', { inline: reference }], 2: ['optional', 'bool'] });
const fieldSelector = (): Schema => ({ 1: ['apiVersion', 'string'], 2: ['fieldPath', 'string'] });
const variableSource = (): Schema => ({
  1: ['fieldRef', fieldSelector],
  3: ['configMapKeyRef', keySelector],
  4: ['secretKeyRef', keySelector],
});
const variable = (): Schema => ({ 1: ['name', 'string'], 2: ['value', 'string'], 3: ['valueFrom', variableSource] });
const environmentSource = (): Schema => ({
  1: ['prefix', 'string'],
  2: ['configMapRef', wholeSource],
  3: ['secretRef', wholeSource],
});
const containerPort = (): Schema => ({
  1: ['name', 'string'],
  3: ['containerPort', 'integer'],
  4: ['protocol', 'string'],
});

const httpGet = (): Schema => ({ 1: ['path', 'string'], 2: ['port', { oneOf: 'int-or-string' }] });
const tcpSocket = (): Schema => ({ 1: ['port', { oneOf: 'int-or-string' }] });
const probeHandler = (): Schema => ({ 2: ['httpGet', httpGet], 3: ['tcpSocket', tcpSocket] });
const probe = (): Schema => ({
  1: ['', { inline: probeHandler }],
  2: ['initialDelaySeconds', 'count'],
  3: ['timeoutSeconds', 'count'],
  4: ['periodSeconds', 'count'],
  5: ['successThreshold', 'count'],
  6: ['failureThreshold', 'count'],
});

const volumeMount = (): Schema => ({ 1: ['name', 'string'], 3: ['mountPath', 'string'] });
const secretVolume = (): Schema => ({ 1: ['secretName', 'string'], 4: ['optional', 'bool'] });
const configMapVolume = (): Schema => ({ 1: ['', { inline: reference }], 4: ['optional', 'bool'] });
const volumeSource = (): Schema => ({
  2: ['emptyDir', () => ({})],
  6: ['secret', secretVolume],
  19: ['configMap', configMapVolume],
});
const volume = (): Schema => ({ 1: ['name', 'string'], 2: ['', { inline: volumeSource }] });

const container = (): Schema => ({
  1: ['name', 'string'],
  2: ['image', 'string'],
  3: ['command', { list: 'string' }],
  4: ['args', { list: 'string' }],
  5: ['workingDir', 'string'],
  6: ['ports', { list: containerPort }],
  7: ['env', { list: variable }],
  9: ['volumeMounts', { list: volumeMount }],
  11: ['readinessProbe', probe],
  14: ['imagePullPolicy', 'string'],
  19: ['envFrom', { list: environmentSource }],
});

const podSpec = (): Schema => ({
  1: ['volumes', { list: volume }],
  2: ['containers', { list: container }],
  3: ['restartPolicy', 'string'],
  4: ['terminationGracePeriodSeconds', 'integer'],
  6: ['dnsPolicy', 'string'],
  8: ['serviceAccountName', 'string'],
  16: ['hostname', 'string'],
  19: ['schedulerName', 'string'],
});

const withSpec = (spec: () => Schema) => (): Schema => ({ 1: ['metadata', objectMeta], 2: ['spec', spec] });

const jobSpec = (): Schema => ({
  1: ['parallelism', 'integer'],
  2: ['completions', 'integer'],
  3: ['activeDeadlineSeconds', 'integer'],
  4: ['selector', labelSelector],
  5: ['manualSelector', 'bool'],
  6: ['template', withSpec(podSpec)],
  7: ['backoffLimit', 'integer'],
  8: ['ttlSecondsAfterFinished', 'integer'],
  9: ['completionMode', 'string'],
  10: ['suspend', 'bool'],
  14: ['podReplacementPolicy', 'string'],
});

const cronJobSpec = (): Schema => ({
  1: ['schedule', 'string'],
  2: ['startingDeadlineSeconds', 'integer'],
  3: ['concurrencyPolicy', 'string'],
  4: ['suspend', 'bool'],
  5: ['jobTemplate', withSpec(jobSpec)],
  6: ['successfulJobsHistoryLimit', 'integer'],
  7: ['failedJobsHistoryLimit', 'integer'],
  8: ['timeZone', 'string'],
});

const rollingUpdate = (): Schema => ({
  1: ['maxUnavailable', { oneOf: 'int-or-string' }],
  2: ['maxSurge', { oneOf: 'int-or-string' }],
});
const strategy = (): Schema => ({ 1: ['type', 'string'], 2: ['rollingUpdate', rollingUpdate] });
const deploymentSpec = (): Schema => ({
  1: ['replicas', 'integer'],
  2: ['selector', labelSelector],
  3: ['template', withSpec(podSpec)],
  4: ['strategy', strategy],
  5: ['minReadySeconds', 'count'],
  6: ['revisionHistoryLimit', 'integer'],
  7: ['paused', 'bool'],
  9: ['progressDeadlineSeconds', 'integer'],
});

const resourceAttributes = (): Schema => ({
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
});

/** What `kubectl create` and `kubectl auth can-i` make of its arguments, by `apiVersion` and kind. */
export const schemas: Readonly<Record<string, () => Schema>> = {
  'batch/v1 Job': withSpec(jobSpec),
  'batch/v1 CronJob': withSpec(cronJobSpec),
  'apps/v1 Deployment': withSpec(deploymentSpec),
  'authorization.k8s.io/v1 SelfSubjectAccessReview': withSpec(() => ({
    1: ['resourceAttributes', resourceAttributes],
  })),
  'v1 Namespace': () => ({ 1: ['metadata', objectMeta] }),
  'v1 ServiceAccount': () => ({ 1: ['metadata', objectMeta] }),
  'v1 ConfigMap': () => ({
    1: ['metadata', objectMeta],
    2: ['data', { map: 'string' }],
    3: ['binaryData', { map: 'bytes' }],
  }),
  'v1 Secret': () => ({
    1: ['metadata', objectMeta],
    2: ['data', { map: 'bytes' }],
    3: ['type', 'string'],
    4: ['stringData', { map: 'string' }],
  }),
};
