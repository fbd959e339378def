import { randomUUID } from 'node:crypto';
import { userError } from '../domain/errors.ts';
import type { Identity } from '../domain/identity.ts';
import type { Human } from '../domain/people.ts';
import { personOf } from '../domain/principals.ts';
import type { Settings } from '../domain/settings.ts';

/** Whom the config knows by this principal. @throws PitcrewError `identity.unknown` */
export function humanOf({ people }: Settings, principal: string): Human {
  const user = personOf(people.identities ?? {}, principal);
  if (user === undefined) throw userError('identity.unknown', { principal });
  return { id: `aws/${user}`, slackUser: user };
}

/**
 * Who sits at this terminal, as AWS says it: by this process's own credentials, and by nothing that can be typed.
 * @throws PitcrewError `terminal.no-identities`, `identity.*`
 */
export async function whoAmI(settings: Settings, identity: Identity): Promise<Human> {
  if (Object.keys(settings.people.identities ?? {}).length === 0) throw userError('terminal.no-identities');
  const purpose = `whoami/${randomUUID()}`;
  return humanOf(settings, await identity.callerOf(await identity.sign(purpose), purpose));
}
