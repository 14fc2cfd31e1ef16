import type { Benchmark } from './benchmark';
import { measureHourExport } from './hour-export';

/** Segments below the least size of a part copy: all media passes through the worker. */
export const smallSegments: Benchmark = {
  name: 'small-segments',
  about: 'the same hour in 4 s segments, which are too small for a copy inside the store',
  measure: (say) => measureHourExport(smallSegments.name, 4, say),
};
