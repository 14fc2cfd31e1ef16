import { objectRanges } from '../fixture/play';
import { createHash } from 'node:crypto';
import { wallTime, type MovieLayout } from '@clipmesh/media';
import type { MoviePlan, PlanObject } from '../plan/movie-plan';
import { FileVerifier } from './file-verifier';
import { makeManifest } from './manifest';

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const OBJECT = Buffer.from('one-two-three-four');
/** Leaves of 4, 4, 6 and 4 bytes. */
const LEAF_ENDS = [4, 8, 14, 18];
const HEADER = Buffer.from('header');

function planObject(): PlanObject {
  const leaves = LEAF_ENDS.map((end, i) => {
    const bytes = OBJECT.subarray(LEAF_ENDS[i - 1] ?? 0, end);
    return { length: bytes.length, sha256: sha256(bytes) };
  });
  return {
    ...{ bucket: 'archive', key: 'gate/1.mp4', etag: 'e', sizeBytes: OBJECT.length, sha256: 'ab', leaves },
    ...{ startMs: wallTime(0), endMs: wallTime(30_000) },
  };
}

function setup(ranges: readonly { offset: number; length: number }[]) {
  const plan: MoviePlan = {
    format: 1,
    video: { id: 'v1', name: 'gate' },
    requested: [{ startMs: wallTime(1_000), endMs: wallTime(2_500) }],
    delivered: [{ startMs: wallTime(1_000), endMs: wallTime(2_500) }],
    gaps: [],
    edges: 'edit-list',
    warnings: [],
    catalogRevisions: [],
    objects: [planObject()],
    ranges: ranges.map((range) => ({ object: 0, ...range })),
    tracks: [],
    windows: [],
  };
  const media = ranges.map(({ offset, length }) => OBJECT.subarray(offset, offset + length));
  const file = Buffer.concat([HEADER, ...media]);
  const layout: MovieLayout = {
    sizeBytes: file.length,
    headerBytes: HEADER.length,
    spans: [
      { kind: 'inline', bytes: HEADER },
      ...objectRanges(plan).map((range) => ({ kind: 'object' as const, ...range })),
    ],
  };
  const job = { id: 'j1', name: 'clip', topologyName: 'original-export' };
  const output = { videoName: 'clip', bucket: 'exports', key: 'k', etag: 'e', sizeBytes: file.length };
  return { file, make: () => makeManifest({ plan, layout, job, output }) };
}

it('lists the leaves of the file, inline bytes first, without a look at the media', () => {
  const { make } = setup([{ offset: 4, length: 10 }]);
  expect(make().leaves).toEqual([
    [6, sha256(HEADER).toString('hex')],
    [4, sha256(Buffer.from('two-')).toString('hex')],
    [6, sha256(Buffer.from('three-')).toString('hex')],
  ]);
});

it('says times as RFC 3339 and where the media come from', () => {
  const { requested, sources } = setup([{ offset: 0, length: 18 }]).make();
  expect(requested).toEqual([{ start: '1970-01-01T00:00:01.000Z', end: '1970-01-01T00:00:02.500Z' }]);
  expect(sources).toMatchObject([{ key: 'gate/1.mp4', end: '1970-01-01T00:00:30.000Z' }]);
});

it('refuses a range that does not end where leaves do', () => {
  expect(setup([{ offset: 4, length: 9 }]).make).toThrow('do not end where its leaves do');
  expect(setup([{ offset: 3, length: 5 }]).make).toThrow('do not end where its leaves do');
});

it.each([1, 3, 7, 100])('verifies the file in chunks of %i bytes and gives its SHA-256', (size) => {
  const { file, make } = setup([
    { offset: 8, length: 10 },
    { offset: 0, length: 4 },
  ]);
  const verifier = new FileVerifier(make());
  for (let at = 0; at < file.length; at += size) {
    verifier.push(file.subarray(at, at + size));
  }
  expect(verifier.finish()).toBe(sha256(file).toString('hex'));
});

it.each<[what: string, change: (file: Buffer) => Buffer, says: string]>([
  [
    'a flipped bit',
    (file) => Buffer.from(file.map((byte, i) => (i === 12 ? byte ^ 1 : byte))),
    'bytes 10 to 14',
  ],
  ['a missing end', (file) => file.subarray(0, -1), 'ends at byte 23, in leaf 5 of 5'],
  ['a byte too many', (file) => Buffer.concat([file, Buffer.from('x')]), 'longer than the 24 bytes'],
])('refuses %s', (_, change, says) => {
  const { file, make } = setup([{ offset: 0, length: 18 }]);
  const verify = (): void => {
    const verifier = new FileVerifier(make());
    verifier.push(change(file));
    verifier.finish();
  };
  expect(verify).toThrow(says);
});

it('refuses leaves that are not those of the tree digest', () => {
  const { file, make } = setup([{ offset: 0, length: 18 }]);
  const verifier = new FileVerifier({ ...make(), treeDigest: '00' });
  verifier.push(file);
  expect(() => verifier.finish()).toThrow('tree digest');
});
