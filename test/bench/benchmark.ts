import type { BenchReport } from './report';

/** A benchmark: its one line for the list, and what measures it. `say` reports progress to people. */
export interface Benchmark {
  readonly name: string;
  readonly about: string;
  readonly measure: (say: (line: string) => void) => Promise<BenchReport>;
}
