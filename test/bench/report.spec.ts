import { makeReport, printTable } from './report';

it.each([
  ['lower', [100], [300], 3],
  ['higher', [300], [100], 3],
] as const)('says how many times better ours is when %s is better', (better, ours, peer, ratio) => {
  const report = makeReport({ name: 'copy', unit: 'ms', better, ours, peers: { ffmpeg: peer } });
  expect(report.ratio).toBe(ratio);
  expect(report.peers['ffmpeg']?.ratio).toBe(ratio);
});

it('has no ratio without a peer', () => {
  expect(makeReport({ name: 'copy', unit: 'ms', better: 'lower', ours: [1] }).ratio).toBeNull();
});

it('prints a row for ours, for each peer and for each further figure', () => {
  const further = makeReport({ name: 'fetch', unit: 'ms', better: 'lower', ours: [2] });
  const report = makeReport({
    name: 'copy',
    unit: 'ms',
    better: 'lower',
    ours: [1],
    peers: { ffmpeg: [4] },
    figures: [further],
  });
  expect(printTable(report).split('\n')).toHaveLength(4);
});
