import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';

const SALT_BYTES = 32;
const NONCE_BYTES = 8;
const KEY_BYTES = 32;
/** MinIO's name for a key by PBKDF2 (8192 rounds of SHA-256) and AES-256-GCM: of its three ways the one that Node has without a library. */
const PBKDF2_AES_GCM = 2;
const ROUNDS = 8192;
const LAST_FRAGMENT = 0x80;
/** Longer texts would be several fragments; a user and a password are far shorter. */
const LONGEST_BYTES = 16 * 1024;

/**
 * Seals the body of an admin request as MinIO's madmin `EncryptData` does: salt, way, nonce, and one fragment of a DARE-like stream. The
 * nonce of a fragment ends in its number; number 0 seals nothing and gives the tag that the fragments carry along.
 */
export function sealForAdmin(secretKey: string, text: string): Buffer {
  if (Buffer.byteLength(text) > LONGEST_BYTES) {
    throw new RangeError(`an admin request of more than ${LONGEST_BYTES} bytes`);
  }
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const key = pbkdf2Sync(secretKey, salt, ROUNDS, KEY_BYTES, 'sha256');
  const numbered = (fragment: number): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(fragment);
    return Buffer.concat([nonce, number]);
  };
  const header = seal(key, numbered(0), Buffer.alloc(0), Buffer.alloc(0));
  const associated = Buffer.concat([Buffer.of(LAST_FRAGMENT), header]);
  const sealed = seal(key, numbered(1), associated, Buffer.from(text));
  return Buffer.concat([salt, Buffer.of(PBKDF2_AES_GCM), nonce, sealed]);
}

function seal(key: Buffer, nonce: Buffer, associated: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
