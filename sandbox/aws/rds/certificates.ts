import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Household } from '../../household.ts';
import { giveToPostgres, run } from './run.ts';

export interface ServerCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly validTill: Date;
}

const validDays = 3650;
const extensions = `basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
`;

/** A certificate authority of its own in `folder`, and one server certificate for every instance; `caFile` can be read by anybody. */
export async function createCertificates(
  household: Household,
  folder: string,
  caFile: string,
  region: string,
): Promise<ServerCertificate> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run(household, 'openssl', args);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  const authority = ['-subj', `/O=Sandbox/CN=Sandbox RDS ${region} Root CA`, '-days', String(validDays)];
  await openssl('req', '-x509', ...key, ...authority, '-keyout', file('ca.key'), '-out', file('ca.pem'));
  await writeFile(file('server.ext'), extensions);
  await openssl(
    'req',
    '-new',
    ...key,
    '-subj',
    '/O=Sandbox/CN=localhost',
    '-keyout',
    file('server.key'),
    '-out',
    file('server.csr'),
  );
  const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', String(validDays)];
  await openssl(
    'x509',
    '-req',
    '-in',
    file('server.csr'),
    ...signing,
    '-extfile',
    file('server.ext'),
    '-out',
    file('server.pem'),
  );
  await giveToPostgres(file('server.key')); // PostgreSQL refuses a key that others may read; openssl makes it 0600
  await copyFile(file('ca.pem'), caFile);
  const validTill = new Date(Date.now() + validDays * 86_400_000);
  return { certificateFile: file('server.pem'), keyFile: file('server.key'), validTill };
}
