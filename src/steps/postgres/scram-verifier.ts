import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from '../../domain/secret.ts';

/** What PostgreSQL takes by default (`scram_iterations`). */
const iterations = 4096;
const saltBytes = 16;
const keyBytes = 32;
const derive = promisify(pbkdf2);

/**
 * True for passwords whose bytes every client sends alike. What lies beyond printable ASCII is normalised first (RFC 4013,
 * SASLprep), and not by every client in the same way.
 */
export function isPlainPassword(password: Secret): boolean {
  return /^[\x20-\x7e]+$/.test(password.reveal());
}

/**
 * What PostgreSQL keeps of a password, so that no statement, and so no log of the server, ever holds the password itself
 * (RFC 5803; PostgreSQL manual, `pg_authid.rolpassword`: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`).
 * @param salt random, unless a test gives one
 */
export async function scramVerifier(password: Secret, salt: Buffer = randomBytes(saltBytes)): Promise<string> {
  const salted = await derive(password.reveal(), salt, iterations, keyBytes, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
