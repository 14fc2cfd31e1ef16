import { figuresOf, type RunFigures } from './statistics';

type Better = 'lower' | 'higher';

export interface PeerFigures {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
  /** How many times better ours is than this peer; above 1 is better. */
  readonly ratio: number;
}

/** What a benchmark found. The headline is the figure that the benchmark is named for. */
export interface BenchReport {
  readonly name: string;
  readonly unit: string;
  readonly better: Better;
  readonly ours: RunFigures;
  readonly peers: Readonly<Record<string, PeerFigures>>;
  /** The ratio to the first peer, or null where there is none. */
  readonly ratio: number | null;
  readonly figures: readonly BenchReport[];
}

export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly better: Better;
  readonly ours: readonly number[];
  readonly peers?: Readonly<Record<string, readonly number[]>>;
  readonly figures?: readonly BenchReport[];
}

export function makeReport({ name, unit, better, ours, peers = {}, figures = [] }: Measured): BenchReport {
  const mine = figuresOf(ours);
  const compared = Object.entries(peers).map(([peer, values]): [string, PeerFigures] => {
    const { median, min, max, runs } = figuresOf(values);
    const ratio = better === 'lower' ? median / mine.median : mine.median / median;
    return [peer, { median, min, max, runs, ratio }];
  });
  const ratio = compared[0]?.[1].ratio ?? null;
  return { name, unit, better, ours: mine, peers: Object.fromEntries(compared), ratio, figures };
}

const round = (value: number): string => String(Number(value.toPrecision(4)));

function rows(report: BenchReport): string[][] {
  const { ours, unit } = report;
  const own = [report.name, 'ours', round(ours.median), round(ours.p95), round(ours.min), round(ours.max)];
  const others = Object.entries(report.peers).map(([peer, figures]) => [
    '',
    peer,
    round(figures.median),
    '',
    round(figures.min),
    round(figures.max),
    String(figures.runs),
    unit,
    `${round(figures.ratio)} x`,
  ]);
  return [[...own, String(ours.runs), unit, ''], ...others, ...report.figures.flatMap(rows)];
}

/** The report as a table for people. */
export function printTable(report: BenchReport): string {
  const head = ['figure', 'who', 'median', 'p95', 'min', 'max', 'runs', 'unit', 'ours is better by'];
  const table = [head, ...rows(report)];
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
