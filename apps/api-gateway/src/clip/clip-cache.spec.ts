import { ClipCache } from './clip-cache';
import type { LaidOutClip } from './laid-out-clip';

const clip = (weightBytes: number): LaidOutClip => ({
  spans: [],
  ends: new Float64Array(),
  sizeBytes: 0,
  objects: [],
  etag: '""',
  delivered: [],
  gaps: [],
  warnings: [],
  revisions: [],
  weightBytes,
});

it('lets go of what was not used for longest when it grows too heavy', () => {
  const cache = new ClipCache(100);
  cache.put('a', clip(40));
  cache.put('b', clip(40));
  cache.get('a');
  cache.put('c', clip(40));
  expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
});

it('keeps nothing that is heavier than all it may hold, not even what stood there before', () => {
  const cache = new ClipCache(100);
  cache.put('a', clip(40));
  cache.put('a', clip(101));
  expect(cache.get('a')).toBeUndefined();
});

it('counts a clip once that is put again', () => {
  const cache = new ClipCache(100);
  cache.put('a', clip(60));
  cache.put('a', clip(60));
  cache.put('b', clip(40));
  expect(cache.get('a')).toBeDefined();
});
