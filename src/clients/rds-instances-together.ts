import { DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds';
import { translated } from './aws-errors.ts';
import { call } from './rds-calls.ts';
import { type DatabaseInstance, instanceOf } from './rds-views.ts';

type Found = DatabaseInstance | undefined;

/** RDS API Reference, "DescribeDBInstances": no page is longer, so that one answer is always whole. */
const mostAtOnce = 100;

interface Asked {
  readonly id: string;
  readonly answer: (found: Found) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Looks instances up, many in one call: whoever asks while a call is under way is answered by the next one, together with
 * all others who asked meanwhile. Nobody waits for company, and nobody is given what was seen before they asked. RDS's
 * limit of calls is the whole account's, and thousands of operations may wait for an instance each.
 * @throws PitcrewError `aws.*`
 */
export function instancesTogether(client: RDSClient): (id: string) => Promise<Found> {
  let waiting: Asked[] = [];
  let underWay = false;
  const go = async () => {
    underWay = true;
    while (waiting.length > 0) {
      const [now, later] = [waiting.slice(0, mostAtOnce), waiting.slice(mostAtOnce)];
      waiting = later;
      await answered(client, now);
    }
    underWay = false;
  };
  return (id) =>
    new Promise((answer, fail) => {
      waiting.push({ id, answer, fail });
      // A moment later, so that those who ask in the same breath are together from the first call on.
      if (!underWay) queueMicrotask(() => void (underWay || go()));
    });
}

async function answered(client: RDSClient, asked: readonly Asked[]): Promise<void> {
  const ids = [...new Set(asked.map(({ id }) => id.toLowerCase()))];
  const alone = () => Promise.all(asked.map(({ id, answer, fail }) => one(client, id).then(answer, fail)));
  if (ids.length === 1) return void (await alone());
  try {
    const found = await several(client, ids);
    for (const { id, answer } of asked) answer(found.get(id.toLowerCase()));
  } catch (error) {
    // A role that may look at single instances only may still look at each.
    if (why(error, '').code === 'aws.denied') return void (await alone());
    for (const { id, fail } of asked) fail(why(error, id));
  }
}

const why = (error: unknown, on: string) => translated(error, { action: 'rds:DescribeDBInstances', on });

async function one(client: RDSClient, id: string): Promise<Found> {
  const answer = await call('DescribeDBInstances', id, 'DBInstanceNotFound', () =>
    client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id })),
  );
  const found = answer?.DBInstances?.[0];
  return found && instanceOf(found);
}

async function several(client: RDSClient, ids: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const filter = { Name: 'db-instance-id', Values: [...ids] };
  const page = await client.send(new DescribeDBInstancesCommand({ Filters: [filter], MaxRecords: mostAtOnce }));
  return new Map((page.DBInstances ?? []).map(instanceOf).map((found) => [found.id.toLowerCase(), found]));
}
