import type { Credentials } from './aws/authenticate.ts';

/** People of the sandbox with AWS credentials of their own: two IAM users, and two who come by a role with a token. */
export const principals = {
  rosa: { accessKeyId: 'AKIASANDBOXROSA00000', secretAccessKey: 'rosa-secret-access-key', user: 'rosa' },
  amir: { accessKeyId: 'AKIASANDBOXAMIR00000', secretAccessKey: 'amir-secret-access-key', user: 'amir' },
  wei: {
    accessKeyId: 'ASIASANDBOXWEI000000',
    secretAccessKey: 'wei-secret-access-key',
    session: { role: 'AWSReservedSSO_Dba_0a1b2c3d4e5f6071', name: 'wei@example.com', token: 'IQoJb3JpZ2luX2VjEwei/=' },
  },
  /** Somebody of the account whom the config does not know. */
  mallory: { accessKeyId: 'AKIASANDBOXMALLORY00', secretAccessKey: 'mallory-secret-access-key', user: 'mallory' },
} as const satisfies Readonly<Record<string, Credentials>>;

/** The variables by which any AWS client is this person. */
export function asPrincipal(name: keyof typeof principals): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, ...more }: Credentials = principals[name];
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(more.session ? { AWS_SESSION_TOKEN: more.session.token } : {}),
  };
}
