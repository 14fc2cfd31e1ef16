import { Readable } from 'node:stream';
import { ExportError } from '@clipmesh/errors';
import { bareEtag, quotedEtag } from './etag';
import { ObjectBody } from './object-body';
import type { Abortable, ObjectHead, ObjectRange, ObjectRef } from './object-ref';
import type { StoreRequest } from './s3-errors';
import type { S3Session } from './s3-session';

export interface ReadOptions extends Abortable {
  /** Whole object when absent. */
  readonly range?: ObjectRange | undefined;
  /** Read only if this is still its ETag; otherwise `SourceChanged`. */
  readonly ifMatch?: string | undefined;
}

/** Size and ETag, or undefined when nobody has put the object. */
export async function headObject(
  session: S3Session,
  ref: ObjectRef,
  options: Abortable,
): Promise<ObjectHead | undefined> {
  const request = { verb: 'head', ...ref };
  try {
    const stat = await session.call({ ...options, request }, () =>
      session.client.statObject(ref.bucket, ref.key),
    );
    return { sizeBytes: stat.size, etag: bareEtag(stat.etag) };
  } catch (error) {
    if (error instanceof ExportError && error.code === 'ObjectMissing') {
      return undefined;
    }
    throw error;
  }
}

/** The bytes as a stream. Tries again until the answer begins; what breaks later is the stream's error. */
export async function readObject(
  session: S3Session,
  ref: ObjectRef,
  options: ReadOptions,
): Promise<Readable> {
  if (options.range?.length === 0) {
    return Readable.from([]);
  }
  const request = readRequest(ref, options.range);
  return session.call({ signal: options.signal, request }, () => openBody(session, ref, options, request));
}

/** An object's bytes as a stream, with what a look at it would have told: one request where those are two. */
export interface OpenedObject {
  readonly head: ObjectHead;
  readonly body: Readable;
}

/** The whole object as it stands now. Whoever does not read the body to its end destroys it. */
export async function openObject(
  session: S3Session,
  ref: ObjectRef,
  options: Abortable,
): Promise<OpenedObject> {
  const request = readRequest(ref, undefined);
  return session.call({ signal: options.signal, request }, () => openAnswer(session, ref, options, request));
}

async function openBody(
  session: S3Session,
  ref: ObjectRef,
  options: ReadOptions,
  request: StoreRequest,
): Promise<Readable> {
  return (await openAnswer(session, ref, options, request)).body;
}

async function openAnswer(
  session: S3Session,
  ref: ObjectRef,
  options: ReadOptions,
  request: StoreRequest,
): Promise<OpenedObject> {
  const { range, ifMatch, signal } = options;
  const headers = {
    ...(range === undefined ? {} : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
    ...(ifMatch === undefined ? {} : { 'if-match': quotedEtag(ifMatch) }),
  };
  const response = await session.client.makeRequestAsync(
    { method: 'GET', bucketName: ref.bucket, objectName: ref.key, headers },
    '',
    [range === undefined ? 200 : 206],
  );
  const length = Number(response.headers['content-length']);
  if (range !== undefined && length !== range.length) {
    response.destroy();
    // The server cuts a range at the end of the object.
    throw new ExportError('SourceChanged', {
      message: `cannot read ${ref.bucket}/${ref.key}: expected ${range.length} bytes at ${range.offset}, got ${length}`,
      details: { ...ref, ...range, gotBytes: length },
    });
  }
  return {
    head: { sizeBytes: length, etag: bareEtag(response.headers.etag ?? '') },
    body: new ObjectBody(response, { length, idleMs: session.timeoutMs, signal }, request),
  };
}

function readRequest(ref: ObjectRef, range: ObjectRange | undefined): StoreRequest {
  return { verb: 'read', ...ref, onPrecondition: 'SourceChanged', details: { ...range } };
}

/** The bytes in one buffer; read again from the start when the body breaks off. */
export async function readAllOfObject(
  session: S3Session,
  ref: ObjectRef,
  options: ReadOptions,
): Promise<Buffer> {
  const { range, signal, ifMatch } = options;
  if (range !== undefined) {
    const bytes = Buffer.allocUnsafe(range.length);
    await readIntoBuffer(session, bytes, ref, { signal, ifMatch, offset: range.offset });
    return bytes;
  }
  const request = readRequest(ref, undefined);
  return session.call({ signal, request }, async () => {
    const { head, body } = await openAnswer(session, ref, options, request);
    const bytes = Buffer.allocUnsafe(head.sizeBytes);
    await fill(bytes, body);
    return bytes;
  });
}

/** The body is as long as its answer said, or fails. */
async function fill(target: Buffer, body: Readable): Promise<void> {
  let at = 0;
  for await (const chunk of body) {
    target.set(chunk as Buffer, at); // a byte stream yields buffers
    at += (chunk as Buffer).length;
  }
}

export interface ReadIntoOptions extends Abortable {
  /** Where in the object to begin; as many bytes as the target holds are read. */
  readonly offset: number;
  readonly ifMatch?: string | undefined;
}

/** Fills the target with bytes of the object, without a copy in between. */
export async function readIntoBuffer(
  session: S3Session,
  target: Buffer,
  ref: ObjectRef,
  options: ReadIntoOptions,
): Promise<void> {
  const { offset, signal, ifMatch } = options;
  if (target.length === 0) {
    return;
  }
  const range = { offset, length: target.length };
  const request = readRequest(ref, range);
  await session.call({ signal, request, payloadBytes: target.length }, async () => {
    await fill(target, await openBody(session, ref, { range, signal, ifMatch }, request));
  });
}
