import { names } from '../../sandbox/settings.ts';
import type { World } from '../../sandbox/world.ts';
import { runbookBlocks } from '../../test/runbook/blocks.ts';
import type { Bench } from '../runner/part.ts';
import { typed } from './program.ts';

/** Fingers that press Ctrl-C on a log that never ends. */
const prelude = `kubectl() {
  if [ "\${1:-}" = logs ] && [ "\${2:-}" = -f ]; then timeout 2 kubectl "$@" || [ $? = 124 ]; else command kubectl "$@"; fi
}`;

/**
 * The runbook's "Restore from RDS Snapshot", typed as it stands, without a moment's thought between two lines: names are
 * filled in, the address of the new instance is looked up as somebody would, and its port is added to the secret, since every
 * instance of the sandbox has the same address.
 */
export async function typeRunbook(world: World, snapshot: string, replicas: number, bench: Bench): Promise<void> {
  const document = JSON.parse(world.secrets.value(names.configSecret) ?? '{}') as Record<string, string>;
  const env = { ...world.env, SNAPSHOT_ID: snapshot };
  const type = (text: string, fill: Readonly<Record<string, string>> = {}) => {
    const filled = Object.entries(fill).reduce((line, [from, to]) => line.replaceAll(from, to), text);
    return typed(`${prelude}\n${filled}`, env, bench);
  };
  const block = (heading: string) => {
    const found = runbookBlocks('en').find((one) => one.heading.endsWith(`Restore from RDS Snapshot / ${heading}`));
    if (!found) throw new Error(`the runbook has no “${heading}”`);
    return found.code;
  };
  await type(block('Step 1: List Available Snapshots'));
  await type(block('Step 2: Stop Application'));
  await type(block('Step 3: Restore Snapshot'));
  const look = `aws rds describe-db-instances --db-instance-identifier ecommerce-prod-restored --query 'DBInstances[0].Endpoint' --output text`;
  const [host = '', , port = ''] = (await type(look)).trim().split(/\s+/);
  await type(block('Step 4: Update Application Configuration'), {
    'ecommerce-prod-restored.xxxxx.rds.amazonaws.com': host,
    '"DB_PASSWORD": "..."': `"DB_PASSWORD": "${document.DB_PASSWORD}", "DB_PORT": "${port}"`,
  });
  await type(block('Step 5: Restart Application'), { '--replicas=4': `--replicas=${replicas}` });
}
