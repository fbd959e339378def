import type { FaultPlan } from './faults.ts';
import { forbidden } from './status.ts';

const user = 'system:serviceaccount:pitcrew:pitcrew';

/** The rights that were taken away. Everything else is allowed: there are no Roles here. */
export function createForbidden(): Pick<FaultPlan, 'forbid' | 'checkRight'> {
  const missing = new Set<Parameters<FaultPlan['forbid']>[0]>();
  return {
    forbid(right) {
      missing.add(right);
      return () => void missing.delete(right);
    },
    checkRight(attributes) {
      for (const { verb, resource, namespace } of missing) {
        const meant = resource === attributes.resource && (verb === '*' || verb === attributes.verb);
        if (meant && (!namespace || namespace === attributes.namespace)) throw forbidden(user, attributes);
      }
    },
  };
}
