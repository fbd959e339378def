import { ApiError, badRequest } from '../status.ts';
import { decodeMessage, type Schema } from './decode.ts';
import { schemas } from './schemas.ts';

const MAGIC = Buffer.from('k8s\0');
const typeMeta = (): Schema => ({ 1: ['apiVersion', 'string'], 2: ['kind', 'string'] });
const unknown = (): Schema => ({ 1: ['type', typeMeta], 2: ['raw', 'bytes'] });

/**
 * The object in a body of `application/vnd.kubernetes.protobuf`, which `kubectl create job` and its like send: a magic
 * number and a message that says what the inner message is. Throws the API's 415 for a kind that is not read here, 400 for
 * a message that is cut off.
 */
export function readProtobuf(body: Buffer): unknown {
  try {
    return read(body);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest('the object provided is unrecognized (must be of type Protobuf)');
    throw error;
  }
}

function read(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(MAGIC)) throw unsupported('no Kubernetes protobuf');
  const { type, raw } = decodeMessage(body.subarray(4), unknown()) as { type?: Record<string, string>; raw?: string };
  const name = `${type?.apiVersion} ${type?.kind}`;
  const schema = schemas[name];
  if (!schema) throw unsupported(`the sandbox reads no ${name} in protobuf: use \`kubectl apply -f\` instead`);
  return { ...type, ...decodeMessage(Buffer.from(raw ?? '', 'base64'), schema()) };
}

const unsupported = (message: string) => new ApiError(415, 'UnsupportedMediaType', message);
