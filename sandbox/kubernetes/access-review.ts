import type { FaultPlan } from './faults.ts';
import { type ApiError, qualified } from './status.ts';

export const accessReviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

interface Review {
  readonly spec?: {
    readonly resourceAttributes?: Partial<
      Record<'namespace' | 'verb' | 'group' | 'resource' | 'subresource' | 'name', string>
    >;
  };
}

/** Answers whether the asking user may do something (SelfSubjectAccessReview, `kubectl auth can-i`): all that was not taken away. */
export function reviewAccess(body: unknown, { checkRight }: Pick<FaultPlan, 'checkRight'>): unknown {
  const { spec = {} } = (body ?? {}) as Review;
  const { namespace, verb = '', group = '', resource = '', subresource, name } = spec.resourceAttributes ?? {};
  const named = `${qualified({ group, plural: resource })}${subresource ? `/${subresource}` : ''}`;
  let reason: string | undefined;
  try {
    checkRight({ verb, resource: named, namespace, name });
  } catch (error) {
    reason = (error as ApiError).message;
  }
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec,
    status: { allowed: reason === undefined, ...(reason ? { reason } : {}) },
  };
}
