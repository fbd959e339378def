import type { V1Deployment, V1Service } from '@kubernetes/client-node';

export const shopNamespace = 'production';
export const shopName = 'ecommerce-backend';
export const shopImage = 'acme/ecommerce-backend:1';

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
