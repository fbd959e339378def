import type { V1CronJob, V1Deployment, V1Service } from '@kubernetes/client-node';

export const shopNamespace = 'production';
export const shopName = 'ecommerce-backend';
export const shopImage = 'acme/ecommerce-backend:1';
/** pitcrew's own image, in which it runs its Jobs. */
export const pitcrewImage = 'acme/pitcrew:1';
export const repriceImage = 'acme/nightly-reprice:1';
/** The team's own check of its database, which the runbook calls. */
export const verifyImage = 'acme/verify:1';

export interface ShopManifests {
  readonly secretId: string;
  readonly replicas?: number;
  /** What else its containers need: the AWS SDK's variables, PGSSLROOTCERT. */
  readonly env: Readonly<Record<string, string>>;
}

/** The shop's Deployment and Service, as a team would keep them in its repository. */
export function shopManifests({ secretId, replicas = 4, env }: ShopManifests): {
  deployment: V1Deployment;
  service: V1Service;
} {
  const labels = { app: shopName };
  const metadata = { name: shopName, namespace: shopNamespace, labels };
  const variables = Object.entries({ CONFIG_SECRET: secretId, ...env }).map(([name, value]) => ({ name, value }));
  return {
    deployment: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, annotations: { 'acme.example/team': 'checkout' } },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 10,
            containers: [
              {
                name: shopName,
                image: shopImage,
                ports: [{ name: 'http', containerPort: 8080 }],
                env: variables,
                readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1, timeoutSeconds: 2 },
              },
            ],
          },
        },
      },
    },
    service: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  };
}

export interface RepriceManifest {
  readonly secretId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly schedule?: string;
  readonly suspend?: boolean;
  /** How long one run writes. */
  readonly seconds?: number;
}

/** The shop's CronJob, a writer besides its Deployment. Not in the sandbox by default: the runbook knows none. */
export function shopCronJob({
  secretId,
  env,
  name = 'nightly-reprice',
  schedule = '0 3 * * *',
  suspend = false,
  seconds = 1,
}: RepriceManifest): V1CronJob {
  const given = Object.entries({ CONFIG_SECRET: secretId, REPRICE_SECONDS: String(seconds), ...env });
  const variables = given.map(([variable, value]) => ({ name: variable, value }));
  const containers = [{ name, image: repriceImage, env: variables }];
  const template = { metadata: { labels: { app: name } }, spec: { restartPolicy: 'Never', containers } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: shopNamespace, labels: { app: name } },
    spec: {
      ...{ schedule, suspend },
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 600,
      jobTemplate: { spec: { backoffLimit: 1, template } },
    },
  };
}
