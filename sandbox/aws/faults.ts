import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from './error.ts';
import type { AwsContext, Fault, ServiceName } from './service.ts';

/** A fault for the next `times` calls of an action; `'*'` is every action, no `times` is until it is cleared. */
export interface FaultOrder {
  readonly service: ServiceName;
  readonly action: string;
  readonly times?: number;
  readonly fault: Fault;
}

/** What a whole service suffers from: `outage` destroys every connection, `slowSeconds` delays every answer. */
export interface Condition {
  readonly outage: boolean;
  readonly slowSeconds: number;
}

export interface Faults {
  order(order: FaultOrder): void;
  /** What is still to come, oldest first. */
  pending(): readonly FaultOrder[];
  /** Forgets the orders and conditions of one service, or of all; delays that are under way end. */
  clear(service?: ServiceName): void;
  outage(service: ServiceName, on: boolean): void;
  /** 0 ends it. */
  slow(service: ServiceName, seconds: number): void;
  condition(service: ServiceName): Condition;
  /** How often an action was called since the start, faults included: for tests that say "once". */
  calls(service: ServiceName, action: string): number;
  /** The `fault` of one request's context. */
  asker(service: ServiceName, caller: string): AwsContext['fault'];
}

const healthy: Condition = { outage: false, slowSeconds: 0 };

export function createFaults(): Faults {
  let orders: FaultOrder[] = [];
  const conditions = new Map<ServiceName, Condition>();
  const called = new Map<string, number>();
  const delayed = new Set<{ readonly service: ServiceName; readonly ending: AbortController }>();
  const condition = (service: ServiceName) => conditions.get(service) ?? healthy;

  const take = (service: ServiceName, fits: (order: FaultOrder) => boolean): Fault | undefined => {
    const at = orders.findIndex((order) => order.service === service && fits(order));
    const order = orders[at];
    if (!order) return undefined;
    if (order.times !== undefined) {
      const left = order.times - 1;
      orders = left > 0 ? orders.with(at, { ...order, times: left }) : orders.toSpliced(at, 1);
    }
    return order.fault;
  };

  return {
    order: (order) => {
      if (order.times === undefined || order.times > 0) orders.push(order);
    },
    pending: () => orders,
    clear(service) {
      orders = service ? orders.filter((order) => order.service !== service) : [];
      if (service) conditions.delete(service);
      else conditions.clear();
      for (const one of delayed) if (!service || one.service === service) one.ending.abort();
    },
    outage: (service, on) => conditions.set(service, { ...condition(service), outage: on }),
    slow: (service, seconds) => conditions.set(service, { ...condition(service), slowSeconds: seconds }),
    condition,
    calls: (service, action) => called.get(`${service}:${action}`) ?? 0,
    asker: (service, caller) => async (action, on) => {
      const permission = on?.permission ?? action;
      const denies = (order: FaultOrder) => order.fault.kind === 'deny' && order.action === permission;
      if (!on?.further) called.set(`${service}:${action}`, (called.get(`${service}:${action}`) ?? 0) + 1);
      const fault = take(service, (order) =>
        on?.further ? denies(order) : order.action === '*' || order.action === action || denies(order),
      );
      if (!fault) return undefined;
      const call = { service, ending: new AbortController() };
      delayed.add(call);
      const denied = { caller, permission, resource: on?.resource ?? '*' };
      await suffer(fault, service, denied, call.ending.signal).finally(() => delayed.delete(call));
      return fault;
    },
  };
}

async function suffer(
  fault: Fault,
  service: ServiceName,
  denied: { caller: string; permission: string; resource: string },
  cleared: AbortSignal,
): Promise<void> {
  switch (fault.kind) {
    case 'throttle':
      throw throttled(service);
    case 'deny':
      throw accessDenied(service, denied);
    case 'fail':
      throw new AwsError(fault.code, fault.status, fault.message ?? fault.code);
    case 'delay':
      await sleep(fault.seconds * 1000, undefined, { signal: cleared }).catch(() => {}); // cleared meanwhile
      return;
    case 'lose-answer':
    case 'cut-answer':
      return;
    default: {
      const never: never = fault;
      throw new Error(`unknown fault ${JSON.stringify(never)}`);
    }
  }
}

/** Each service has its own word for "too fast". */
export function throttled(service: ServiceName): AwsError {
  switch (service) {
    case 's3':
      return new AwsError('SlowDown', 503, 'Please reduce your request rate.');
    case 'secretsmanager':
      return new AwsError('ThrottlingException', 400, 'Rate exceeded');
    case 'rds':
    case 'sts':
      return new AwsError('Throttling', 400, 'Rate exceeded');
    default: {
      const never: never = service;
      throw new Error(`unknown service ${String(never)}`);
    }
  }
}

/** IAM's sentence, which names the action that a policy would have to allow; S3 puts the resource into quotes. */
export function accessDenied(
  service: ServiceName,
  { caller, permission, resource }: { caller: string; permission: string; resource: string },
): AwsError {
  const action = `${service}:${permission}`;
  const quoted = service === 's3' ? `"${resource}"` : resource;
  const sentence = `User: ${caller} is not authorized to perform: ${action} on resource: ${quoted} because no identity-based policy allows the ${action} action`;
  return service === 'secretsmanager'
    ? new AwsError('AccessDeniedException', 400, sentence)
    : new AwsError('AccessDenied', 403, sentence);
}
