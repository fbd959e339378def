import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';

export interface Database {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** The secret's AWSCURRENT document. Throws when it can't be read or lacks a key, naming the key. */
export async function readSecret(secretId: string): Promise<Database> {
  const client = new SecretsManagerClient({});
  const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  client.destroy();
  const document = JSON.parse(SecretString) as Record<string, unknown>;
  const read = (key: string) => {
    const value = document[key];
    if (value === undefined || value === '') throw new Error(`the secret ${secretId} has no ${key}`);
    return String(value);
  };
  return {
    host: read('DB_HOST'),
    port: Number(read('DB_PORT')),
    database: read('DB_NAME'),
    user: read('DB_USERNAME'),
    password: read('DB_PASSWORD'),
  };
}

/** Three connections over verified TLS. A lost one is reported and replaced at the next request, never fatal. */
export function openPool(database: Database, caFile: string, lost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    ...database,
    ssl: { ca: readFileSync(caFile, 'utf8'), rejectUnauthorized: true },
    max: 3,
    idleTimeoutMillis: 600_000,
    application_name: 'ecommerce-backend',
    connectionTimeoutMillis: 1500,
    query_timeout: 4000,
    statement_timeout: 4000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  });
  pool.on('error', lost);
  return pool;
}
