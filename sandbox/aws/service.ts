import type { IncomingMessage, ServerResponse } from 'node:http';

export type ServiceName = 'rds' | 's3' | 'secretsmanager' | 'sts';

/** What the front door knows of a request before it hands it to a service. */
export interface AwsContext {
  /** From the credential scope of the request's signature. */
  readonly region: string;
  readonly accessKeyId: string;
  /** The ARN of the user whose key signed the request. */
  readonly caller: string;
  readonly account: string;
  /** Goes into the answer, as AWS does: `x-amzn-requestid` / `<RequestId>`. */
  readonly requestId: string;
  /**
   * Asks whether a fault was ordered for this action; it has already been waited for, thrown or counted when this returns.
   * `permission` is the IAM action where it isn't the operation's own name; a fault `deny` is found by either, and names it.
   * `further`: this call needs that permission besides, so only a `deny` of it counts.
   */
  readonly fault: (
    action: string,
    on?: { readonly resource?: string; readonly permission?: string; readonly further?: boolean },
  ) => Promise<Fault | undefined>;
}

/**
 * One of AWS's services, as the sandbox plays it. `name` is the service of the signature's credential scope. An
 * `AwsError` (error.ts) that `handle` throws is answered by the front door in the service's protocol.
 */
export interface AwsService {
  readonly name: ServiceName;
  handle(request: IncomingMessage, response: ServerResponse, context: AwsContext): Promise<void>;
}

/**
 * A fault ordered for the next `times` calls of one action. `throttle`, `deny` and `fail` answer with that error and
 * have no effect; `lose-answer` lets the call take effect and then cuts the connection; `cut-answer` does so in the
 * middle of an object's bytes, and otherwise as `lose-answer`; `delay` answers late.
 */
export type Fault =
  | { readonly kind: 'throttle' | 'deny' | 'lose-answer' | 'cut-answer' }
  | { readonly kind: 'fail'; readonly code: string; readonly status: number; readonly message?: string }
  | { readonly kind: 'delay'; readonly seconds: number };

export const losesAnswer = ({ kind }: Fault): boolean => kind === 'lose-answer' || kind === 'cut-answer';
