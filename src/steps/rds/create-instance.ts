import { z } from 'zod';
import type { CreateRequest } from '../../clients/rds.ts';
import { permanent } from '../../domain/errors.ts';
import type { OwnInstanceOutputs } from '../../domain/own-instance.ts';
import type { Secret } from '../../domain/secret.ts';
import type { RoleSecret } from '../../domain/settings.ts';
import { done, keptAsEvidence, type Step } from '../../domain/step.ts';
import type { Credentials } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { makeInstance } from './make-instance.ts';
import type { RdsIn } from './rds-in.ts';

export const createInstanceInput = z.object({
  region: z.string().min(1),
  /** The key of the tag that says whose an instance is. */
  operationTag: z.string().min(1),
  /** The whole of CreateDBInstance but the password. */
  request: z.looseObject({ DBInstanceIdentifier: z.string().min(1), MasterUsername: z.string().min(1) }),
  /** Where the password is read when RDS is asked; null where RDS is to manage it. */
  masterRole: roleSecretInput.nullable(),
});
export type CreateInstanceInput = z.infer<typeof createInstanceInput>;

export interface CreateInstanceGiven {
  readonly rds: RdsIn<'findInstance' | 'createInstance'>;
  readonly access: { readonly credentials: Credentials };
}

/** Makes the empty instance that a dump is loaded into. */
export function createInstance({ rds, access }: CreateInstanceGiven): Step {
  return {
    id: 'create-instance',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const input = inputOf(createInstanceInput, context.input);
      const { request, masterRole, operationTag, region } = input;
      const here = rds(region);
      const made = await makeInstance(here, {
        id: request.DBInstanceIdentifier,
        operation: context.operation,
        operationTag,
        async make() {
          const password = masterRole && (await masterPassword(access.credentials, masterRole, request.MasterUsername));
          context.signal.throwIfAborted();
          return here.createInstance(request as unknown as CreateRequest, password);
        },
      });
      return done(made satisfies OwnInstanceOutputs['create-instance']);
    },
  };
}

/** @throws PitcrewError `restore.master-changed`: the secret names another user than people approved */
async function masterPassword(credentials: Credentials, role: RoleSecret, approved: string): Promise<Secret> {
  const { user, password } = await credentials(role);
  if (user === approved) return password;
  throw permanent('restore.master-changed', { secret: role.secret, user, expected: approved });
}
