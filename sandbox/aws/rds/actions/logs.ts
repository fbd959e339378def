import { open, stat } from 'node:fs/promises';
import type { XmlObject } from '../../xml.ts';
import { list } from '../answer.ts';
import { knownIdentifier, refuseOthers } from '../checks.ts';
import { invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { pagingNames } from '../paging.ts';
import { findInstance, type Region } from '../region.ts';

/** The server's log is one file here; RDS begins one every hour. */
const fileName = 'error/postgresql.log';

export async function describeLogFiles(region: Region, form: Form): Promise<XmlObject> {
  const names = ['DBInstanceIdentifier', 'FilenameContains', 'FileLastWritten', 'FileSize', 'Filters'];
  refuseOthers(form, [...names, ...pagingNames]);
  const { cluster } = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  const { size, mtimeMs } = await stat(cluster.logFile).catch(() => ({ size: 0, mtimeMs: 0 }));
  const shown =
    size >= (form.integer('FileSize') ?? 1) &&
    mtimeMs >= (form.integer('FileLastWritten') ?? 0) &&
    fileName.includes(form.text('FilenameContains') ?? '');
  const files = shown ? [{ LogFileName: fileName, LastWritten: Math.floor(mtimeMs), Size: size }] : [];
  return { DescribeDBLogFiles: list('DescribeDBLogFilesDetails', files) };
}

const mostBytes = 1 << 20;
const mostLines = 10_000;

/** The last lines, or with a marker (`0` is the beginning) those that follow it; whole lines, at most 1 MB. */
export async function downloadLogPortion(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, ['DBInstanceIdentifier', 'LogFileName', 'Marker', 'NumberOfLines']);
  const { cluster } = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  if (form.required('LogFileName') !== fileName) {
    throw new RdsError(
      'DBLogFileNotFoundFault',
      `DBLog File: ${form.text('LogFileName')}, is not found on the DB instance`,
    );
  }
  const lines = form.integer('NumberOfLines') || mostLines;
  const file = await open(cluster.logFile);
  try {
    const { size } = await file.stat();
    const from = readMarker(form.text('Marker'), size);
    const start = from ?? Math.max(0, size - mostBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, start);
    const whole =
      buffer
        .subarray(0, bytesRead)
        .toString('utf8')
        .match(/[^\n]*\n/g) ?? [];
    const portion = from === undefined ? whole.slice(-lines) : whole.slice(0, lines);
    const text = portion.join('');
    const end = from === undefined ? start + Buffer.byteLength(whole.join('')) : start + Buffer.byteLength(text);
    return { LogFileData: text, Marker: String(end), AdditionalDataPending: end < size && text !== '' };
  } finally {
    await file.close();
  }
}

function readMarker(marker: string | undefined, size: number): number | undefined {
  if (marker === undefined) return undefined;
  const offset = Number(marker);
  if (!/^\d+$/.test(marker) || offset > size) throw invalidValue(`Invalid marker: ${marker}`);
  return offset;
}
