import { tableOf } from '../fixture/table';
import { ticks } from '../time/ticks';
import { gopStarts, samplesNeededBefore, syncSampleAtOrAfter, syncSampleAtOrBefore } from './gops';

const sample = (offset: number, isSync = false) => ({ size: 1, duration: 10, offset, isSync });

/**
 * Decode order I P B I' B' P', an open GOP: B' leads I' and needs P too.
 * Shown at           10 40 30 60 50 70 (decode time + offset).
 */
const OPEN = tableOf([sample(10, true), sample(30), sample(10), sample(30, true), sample(10), sample(20)]);

it('lists the samples that decoding can start at', () => {
  expect([...gopStarts(OPEN)]).toEqual([0, 3]);
});

it.each([
  ['before the first frame', 9, undefined],
  ['at the first frame', 10, 0],
  ['at a picture that leads the second sync sample', 50, 0],
  ['at the second sync sample', 60, 3],
  ['behind everything', 900, 3],
])('finds where to start decoding for a time %s', (_, time, expected) => {
  expect(syncSampleAtOrBefore(OPEN, ticks(time))).toBe(expected);
});

it.each([
  ['before the first frame', 0, 0],
  ['inside the first GOP', 11, 3],
  ['at the second sync sample', 60, 3],
  ['behind the last sync sample', 61, undefined],
])('finds the next start of decoding for a time %s', (_, time, expected) => {
  expect(syncSampleAtOrAfter(OPEN, ticks(time))).toBe(expected);
});

it.each([
  ['nothing is shown before', 10, 0],
  ['one frame is', 11, 1],
  ['a frame whose reference is shown later is', 31, 3],
  ['a frame that follows the next sync sample in decode order is', 51, 5],
  ['everything is', 71, 6],
])('counts the samples that are needed when %s', (_, time, expected) => {
  expect(samplesNeededBefore(OPEN, ticks(time))).toBe(expected);
});
