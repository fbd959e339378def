import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** A letter that only the holder of one private key can read. All parts are base64. */
export interface Sealed {
  readonly from: string;
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

export interface Lock {
  /** The public half, to be laid open. */
  readonly key: string;
  /** @returns undefined for what is not sealed for this lock, or for another place */
  open(sealed: Sealed, place: string): string | undefined;
}

const base64 = (bytes: Buffer) => bytes.toString('base64');
const bytesOf = (text: string) => Buffer.from(text, 'base64');
const written = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });

/** A new key pair, whose private half never leaves this process. */
export function newLock(): Lock {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const own = written(publicKey);
  return {
    key: base64(own),
    open({ from, iv, tag, text }, place) {
      try {
        const key = keyBetween(privateKey, bytesOf(from), own, place);
        const decipher = createDecipheriv('aes-256-gcm', key, bytesOf(iv)).setAuthTag(bytesOf(tag));
        return Buffer.concat([decipher.update(bytesOf(text)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** Seals for whoever laid the key open, and for that place only (X25519, HKDF-SHA-256, AES-256-GCM). @throws when it is no key */
export function seal(text: string, key: string, place: string): Sealed {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const from = written(publicKey);
  const to = bytesOf(key);
  const iv = randomBytes(12);
  const shared = diffieHellman({ privateKey, publicKey: createPublicKey({ key: to, format: 'der', type: 'spki' }) });
  const cipher = createCipheriv('aes-256-gcm', derived(shared, from, to, place), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { from: base64(from), iv: base64(iv), tag: base64(cipher.getAuthTag()), text: base64(sealed) };
}

function keyBetween(privateKey: KeyObject, from: Buffer, to: Buffer, place: string): Buffer {
  const publicKey = createPublicKey({ key: from, format: 'der', type: 'spki' });
  return derived(diffieHellman({ privateKey, publicKey }), from, to, place);
}

const derived = (shared: Buffer, from: Buffer, to: Buffer, place: string) =>
  Buffer.from(hkdfSync('sha256', shared, Buffer.concat([from, to]), `pitcrew letter ${place}`, 32));
