import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** RDS as far as waiting needs it, declared a fake: every instance that is asked for is there and `creating`, for ever. */
export interface FakeRds {
  readonly url: string;
  /** Calls of DescribeDBInstances, and instances that were asked for by them. */
  readonly calls: () => number;
  readonly looks: () => number;
  close(): Promise<void>;
}

const instance = (id: string) => `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier>
<DBInstanceStatus>creating</DBInstanceStatus><Engine>postgres</Engine><EngineVersion>15.4</EngineVersion>
<DBInstanceClass>db.r5.xlarge</DBInstanceClass><AllocatedStorage>100</AllocatedStorage><DbiResourceId>db-${id}</DbiResourceId>
<DBInstanceArn>arn:aws:rds:eu-west-1:123456789012:db:${id}</DBInstanceArn></DBInstance>`;

export async function openFakeRds(): Promise<FakeRds> {
  let calls = 0;
  let looks = 0;
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const action = form.get('Action') ?? '';
    const one = form.get('DBInstanceIdentifier');
    const filtered = [...form].flatMap(([name, value]) => (/^Filters\.Filter\.\d+\.Values/.test(name) ? [value] : []));
    const asked = one === null ? filtered : [one];
    if (action === 'DescribeDBInstances') {
      calls++;
      looks += asked.length;
    }
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result><DBInstances>${asked
        .map(instance)
        .join('')}</DBInstances></${action}Result></${action}Response>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    calls: () => calls,
    looks: () => looks,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
