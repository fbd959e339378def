/** What a host's name says by its shape alone: RDS names say what they are and where. */
export type Host =
  | { readonly kind: 'instance'; readonly id: string; readonly region: string }
  | { readonly kind: 'proxy'; readonly name: string }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'other' };

const suffix = String.raw`\.([a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?$`;
const instance = new RegExp(String.raw`^([a-z][a-z0-9-]*)\.[a-z0-9]+${suffix}`, 'i');
const proxy = new RegExp(String.raw`^([a-z][a-z0-9-]*)(?:\.endpoint)?\.proxy-[a-z0-9]+${suffix}`, 'i');
const cluster = new RegExp(String.raw`\.cluster(?:-ro|-custom)?-[a-z0-9]+${suffix}`, 'i');

/**
 * RDS User Guide: `<instance>.<hash>.<region>.rds.amazonaws.com`, `<proxy>.proxy-<hash>.…` (`<name>.endpoint.proxy-…` for
 * a proxy's own endpoints), `<cluster>.cluster-<hash>.…` for Aurora and for Multi-AZ clusters.
 */
export function hostOf(host: string): Host {
  if (cluster.test(host)) return { kind: 'cluster' };
  const [, proxyName] = proxy.exec(host) ?? [];
  if (proxyName !== undefined) return { kind: 'proxy', name: proxyName.toLowerCase() };
  const [, id, region] = instance.exec(host) ?? [];
  if (id === undefined || region === undefined) return { kind: 'other' };
  return { kind: 'instance', id: id.toLowerCase(), region: region.toLowerCase() };
}
