/** A principal of AWS as a config writes it: an IAM user, an IAM role, or one named session of a role. */
export const principalForm =
  /^arn:aws(-[a-z]+)*:(iam::\d{12}:(user|role)\/[\w+=,.@/-]{1,512}|sts::\d{12}:assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{2,64})$/;

/**
 * The one person whose principal this is; `undefined` for nobody, and for more than one: who can't be told apart is
 * nobody.
 */
export function personOf(identities: Readonly<Record<string, string>>, caller: string): string | undefined {
  const [person, ...others] = Object.entries(identities).filter(([, written]) => isOf(written, caller));
  return others.length === 0 ? person?.[0] : undefined;
}

/**
 * Whether this is the caller, by the ARN that STS gives it. A session's ARN has its role's name without the role's path
 * (IAM User Guide, "IAM identifiers"), so a role is compared by account and last name.
 */
function isOf(written: string, caller: string): boolean {
  if (written === caller) return true;
  const role = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(written);
  const session = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(caller);
  return role !== null && session !== null && [1, 2, 3].every((part) => role[part] === session[part]);
}
