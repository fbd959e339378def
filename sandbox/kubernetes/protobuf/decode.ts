/** A message's fields by number. Kubernetes always writes strings and leaves out absent pointers: an empty string is "not set". */
export type Schema = Readonly<Record<number, readonly [name: string, type: FieldType]>>;

export type FieldType =
  | 'string'
  /** As base64, the JSON form. */
  | 'bytes'
  | 'bool'
  /** A pointer: 0 says something. */
  | 'integer'
  /** No pointer: 0 is "not set". */
  | 'count'
  | { readonly map: 'string' | 'bytes' }
  | { readonly list: 'string' | (() => Schema) }
  /** Its fields stand among those of the message around it, as an embedded struct's do in JSON. */
  | { readonly inline: () => Schema }
  | { readonly oneOf: 'int-or-string' }
  | (() => Schema);

/** Decodes a message (Protocol Buffers, "Encoding") to what its JSON would be. Throws RangeError where it is cut off. */
export function decodeMessage(bytes: Buffer, schema: Schema): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const [name, type] = schema[number] ?? [];
    if (name === undefined || type === undefined) continue; // nothing that the sandbox acts on
    if (typeof type === 'object' && 'inline' in type)
      Object.assign(result, decodeMessage(asBytes(value), type.inline()));
    else if (typeof type === 'object' && 'list' in type) {
      const item = type.list === 'string' ? asBytes(value).toString() : decodeMessage(asBytes(value), type.list());
      result[name] = [...((result[name] as unknown[] | undefined) ?? []), item];
    } else if (typeof type === 'object' && 'map' in type) {
      const entry = decodeMessage(asBytes(value), { 1: ['key', 'string'], 2: ['value', type.map] });
      result[name] = { ...(result[name] as object | undefined), [String(entry.key)]: entry.value ?? '' };
    } else {
      const decoded = decodeValue(value, type);
      if (decoded !== undefined) result[name] = decoded;
    }
  }
  return result;
}

function decodeValue(value: bigint | Buffer, type: Exclude<FieldType, { list: unknown } | { map: unknown }>): unknown {
  if (type === 'string') return asBytes(value).toString() || undefined;
  if (type === 'bytes') return asBytes(value).toString('base64');
  if (type === 'bool') return value !== 0n;
  if (type === 'integer' || type === 'count') {
    const number = Number(BigInt.asIntN(64, value as bigint));
    return type === 'count' && number === 0 ? undefined : number;
  }
  if (typeof type === 'function') return decodeMessage(asBytes(value), type());
  const { kind, int, text } = decodeMessage(asBytes(value), {
    1: ['kind', 'integer'],
    2: ['int', 'integer'],
    3: ['text', 'string'],
  });
  return kind === 1 ? text : (int ?? 0);
}

const asBytes = (value: bigint | Buffer): Buffer => (Buffer.isBuffer(value) ? value : Buffer.alloc(0));

function* fieldsOf(bytes: Buffer): Generator<{ number: number; value: bigint | Buffer }> {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('the message is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value = wire === 0 ? varint() : take(wire === 2 ? Number(varint()) : wire === 1 ? 8 : 4);
    yield { number: tag >> 3, value };
  }
}
