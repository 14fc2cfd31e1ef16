import type { Benchmark } from './benchmark';
import { measureHourExport } from './hour-export';

export const passThrough: Benchmark = {
  name: 'pass-through',
  about:
    '1 h at 3 Mbit/s in 30 s segments to one MP4, all in the store, beside ffmpeg and the store’s own copy',
  measure: (say) => measureHourExport(passThrough.name, 30, say),
};
