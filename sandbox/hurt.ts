// Hurts the shop's live database on purpose. usage: npm run sandbox:hurt -- drop-orders
import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { names } from './settings.ts';
import { type Harm, harms, hurt } from './shop/hurt.ts';
import { readEnvFile } from './world.ts';

/** Hurts the database that the application's secret points to now, as its master user. Returns what happened, in a sentence. */
export async function hurtShop(harm: Harm, env: Readonly<Record<string, string>>): Promise<string> {
  const client = new SecretsManagerClient({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: names.region,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  const read = async (id: string) => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return JSON.parse(SecretString ?? '{}') as Record<string, string>;
  };
  const [application, master] = [await read(names.configSecret), await read(names.masterSecret)];
  client.destroy();
  return hurt(harm, {
    host: application.DB_HOST,
    port: Number(application.DB_PORT),
    database: application.DB_NAME,
    user: master.username,
    password: master.password,
    ssl: { ca: readFileSync(env.PGSSLROOTCERT ?? '', 'utf8') },
  });
}

if (import.meta.main) {
  const given = process.argv[2] ?? '';
  const known = Object.keys(harms);
  if (!known.includes(given)) {
    console.error(
      `${given ? `"${given}" is no way to hurt the shop` : 'How should the shop be hurt'}? One of: ${known.join(', ')}`,
    );
    console.error('usage: npm run sandbox:hurt -- drop-orders');
    process.exit(2);
  }
  try {
    console.log(await hurtShop(given as Harm, readEnvFile()));
  } catch (error) {
    console.error(`It could not be hurt: ${error instanceof Error ? error.message : error}`);
    console.error('Is a sandbox running (npm run sandbox)?');
    process.exit(1);
  }
}
