import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const checksumAlgorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-<number of parts>`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface Hasher {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

/** Length of the raw checksum in bytes. */
export const checksumBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
};

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return checksumAlgorithms.some((known) => known === name);
}

export function createHasher(algorithm: ChecksumAlgorithm): Hasher {
  switch (algorithm) {
    case 'crc32': {
      let value = 0;
      return {
        update: (chunk) => {
          value = crc32(chunk, value);
        },
        digest: () => bigEndian(value),
      };
    }
    case 'crc32c':
      return crc32c();
    case 'crc64nvme':
      return crc64nvme();
    case 'sha1':
    case 'sha256': {
      const hash = createHash(algorithm);
      return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
    }
    default: {
      const never: never = algorithm;
      throw new Error(`unknown checksum ${String(never)}`);
    }
  }
}

const castagnoli = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(): Hasher {
  let value = -1;
  return {
    update(chunk) {
      for (const byte of chunk) value = (value >>> 8) ^ (castagnoli[(value ^ byte) & 0xff] ?? 0);
    },
    digest: () => bigEndian(~value),
  };
}

// CRC-64/NVME, reflected, in two halves: JavaScript's bitwise operators know 32 bits.
const nvme = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  return value;
});
const nvmeLow = Int32Array.from(nvme, (value) => Number(BigInt.asIntN(32, value)));
const nvmeHigh = Int32Array.from(nvme, (value) => Number(BigInt.asIntN(32, value >> 32n)));

function crc64nvme(): Hasher {
  let low = -1;
  let high = -1;
  return {
    update(chunk) {
      for (const byte of chunk) {
        const at = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (nvmeLow[at] ?? 0);
        high = (high >>> 8) ^ (nvmeHigh[at] ?? 0);
      }
    },
    digest: () => Buffer.concat([bigEndian(~high), bigEndian(~low)]),
  };
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
