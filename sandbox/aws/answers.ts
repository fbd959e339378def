import type { ServerResponse } from 'node:http';
import type { AwsError } from './error.ts';
import type { ServiceName } from './service.ts';
import { children, toXml, xmlDocument } from './xml.ts';

const queryNamespaces = {
  rds: 'http://rds.amazonaws.com/doc/2014-10-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const;

/** Answers with an error in the service's protocol: Query XML, REST XML, or JSON 1.1 with `__type`. */
export function writeError(service: ServiceName, response: ServerResponse, error: AwsError, requestId: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { type, body } = errorBody(service, error, requestId);
  const bodiless = response.req.method === 'HEAD' || error.status === 304;
  response.writeHead(error.status, { ...error.headers, ...(bodiless ? {} : { 'content-type': type }) });
  response.end(bodiless ? undefined : body);
}

function errorBody(service: ServiceName, error: AwsError, requestId: string): { type: string; body: string } {
  switch (service) {
    case 'secretsmanager':
      return {
        type: 'application/x-amz-json-1.1',
        body: JSON.stringify({ __type: error.code, Message: error.message, message: error.message }),
      };
    case 's3': {
      const content = { Code: error.code, Message: error.message, ...error.fields, RequestId: requestId };
      return { type: 'application/xml', body: xmlDocument('Error', children({ ...content, HostId: 'sandbox' })) };
    }
    case 'rds':
    case 'sts': {
      const type = error.status >= 500 ? 'Receiver' : 'Sender';
      const content = toXml('Error', { Type: type, Code: error.code, Message: error.message });
      const body = xmlDocument('ErrorResponse', content + toXml('RequestId', requestId), queryNamespaces[service]);
      return { type: 'text/xml', body };
    }
    default: {
      const never: never = service;
      throw new Error(`no protocol for ${String(never)}`);
    }
  }
}
