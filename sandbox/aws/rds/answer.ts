import { children, type XmlObject, type XmlValue } from '../xml.ts';

/** A list and the name of its items' element, which the SDKs look for (`locationName` in the service's model). */
export const list = (item: string, items: readonly XmlValue[]): XmlObject => ({ [item]: items });

/** An instant as the API writes it; absent ones are left out. */
export const time = (instant: Date | undefined): string | undefined => instant?.toISOString();

const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';

/** A successful answer of the AWS Query protocol. `result` is undefined for the actions that return nothing. */
export function answer(action: string, result: XmlObject | undefined, requestId: string): string {
  const body = children({ [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } });
  return `<${action}Response xmlns="${namespace}">${body}</${action}Response>`;
}
