import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, region, startTestCloud, type TestCloud } from '../../sandbox/aws/test-cloud.ts';
import { counter, say } from '../../test/counter.ts';
import { ledgerContract } from '../../test/ledger-contract.ts';
import { Chains, keyOf } from './chain.ts';
import { probe, s3Markers, s3Store } from './s3-store.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  for (const name of ['ledger', 'faults']) cloud.s3.buckets.create(name, { versioning: true });
});
afterAll(() => cloud.close());

const place = (bucket: string, prefix = 'pitcrew') => ({ client: cloud.s3Client, bucket, prefix });
const lose = (action: string, times = 1) =>
  cloud.faults.order({ service: 's3', action, times, fault: { kind: 'lose-answer' } });

describe('the ledger in S3', () => {
  ledgerContract(() => s3Store(place('ledger')));

  it('F46: a create whose answer is lost is unknown, and the append finds its own event', async () => {
    const store = s3Store(place('faults'));
    lose('PutObject');
    expect(await store.create('lost', new Uint8Array([1]))).toBe('unknown');
    expect(await store.create('lost', new Uint8Array([1]))).toBe('exists');
    lose('PutObject');
    expect(await new Chains({ store }).append(counter, 'c', say('once'))).toMatchObject({
      kind: 'appended',
      state: { n: 1 },
    });
    expect(await store.list('ops/c/')).toEqual([keyOf(counter, 'c', 0)]);
  });

  it("F46: the SDK's own retry meets its own object; the append still finds that it is its own", async () => {
    const client = new S3Client({ endpoint: cloud.url, region, credentials, forcePathStyle: true, maxAttempts: 2 });
    lose('PutObject');
    const chains = new Chains({ store: s3Store({ client, bucket: 'faults', prefix: 'sdk' }) });
    expect(await chains.append(counter, 'c', say('once'))).toMatchObject({ kind: 'appended', state: { n: 1 } });
    client.destroy();
  });

  it('a read that is denied is a misconfiguration, and never "absent"', async () => {
    cloud.faults.order({ service: 's3', action: 'GetObject', times: 1, fault: { kind: 'deny' } });
    await expect(s3Store(place('faults')).read('lost')).rejects.toMatchObject({
      code: 'ledger.denied',
      kind: 'permanent',
    });
    cloud.faults.clear('s3');
  });

  it('a bucket that is not there is said', async () => {
    await expect(s3Store(place('nowhere')).read('x')).rejects.toMatchObject({ code: 'ledger.no-bucket' });
  });

  it('F13: without an answer a read says so, and may be tried again', async () => {
    cloud.faults.outage('s3', true);
    await expect(s3Store(place('faults')).read('x')).rejects.toMatchObject({
      code: 'ledger.unreachable',
      kind: 'retryable',
    });
    cloud.faults.clear('s3');
  });

  it('a store that overwrites is found out at start', async () => {
    const honest = s3Store(place('faults'));
    const overwriting = {
      ...honest,
      async create(key: string, bytes: Uint8Array) {
        await cloud.s3Client.send(new PutObjectCommand({ Bucket: 'faults', Key: `pitcrew/${key}`, Body: bytes }));
        return 'created' as const;
      },
    };
    await expect(probe(overwriting)).rejects.toMatchObject({ code: 'ledger.no-conditional-create' });
  });

  it('markers come, are listed with their time past one page, and go', async () => {
    const markers = s3Markers(place('faults', ''));
    await Promise.all(Array.from({ length: 3 }, (_, n) => markers.put(`open/op${n}`, new Uint8Array())));
    await markers.remove('open/op1');
    await markers.remove('open/op1');
    const found = await markers.list('open/');
    expect(found.map(({ key }) => key)).toEqual(['open/op0', 'open/op2']);
    for (const { at } of found) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  });
});
