export interface Finding {
  readonly what: string;
  readonly holds: boolean;
}

/** Orders by what pitcrew measured; times by the customers' own record. */
export interface Report {
  readonly before: number;
  readonly returned: number;
  readonly lost: number;
  readonly after: number;
  readonly downtimeSeconds: number;
  readonly failedRequests: number;
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
}

export function printTable(findings: readonly Finding[], report: Report): void {
  const rows: readonly (readonly [string, string, string])[] = [
    ['Orders before the restore', number(report.before), 'in the hurt database, when the shop stood still'],
    ['  brought back', number(report.returned), 'deleted by the mistake, in the snapshot'],
    ['  lost', number(report.lost), 'came after the snapshot'],
    ['Orders after the restore', number(report.after), 'before the first new one'],
    [
      'Downtime',
      seconds(report.downtimeSeconds),
      `last order accepted before to first after; ${report.failedRequests} refused`,
    ],
    ['RTO', seconds(report.rtoSeconds), 'request to the first order on the new database (objective: 60 min)'],
    ['RPO', seconds(report.rpoSeconds), 'snapshot to the last lost order (objective: 15 min)'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log('');
  for (const [name, value, note] of rows) console.log(`  ${name.padEnd(width)}  ${value.padStart(9)}   ${note}`);
  console.log('');
  for (const { what, holds } of findings) console.log(`  ${holds ? 'holds ' : 'FAILS '}  ${what}`);
}

const number = (value: number) => value.toLocaleString('en');
const seconds = (value: number) => `${value.toFixed(1)} s`;
