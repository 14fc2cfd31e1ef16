/** Input options of every run over the virtual file of a feed: it is a pipe, times stay what they are, and the window is given in the file's own ticks. */
export function feedOptions(threads: number): string[] {
  return [
    ...['-copyts', '-ignore_editlist', '1', '-threads', String(threads)],
    ...['-protocol_whitelist', 'pipe', '-f', 'mov'],
  ];
}

/**
 * Output options of everything that we store. Not `empty_moov`: it puts the first packet of a track at 0; with the moov delayed an
 * edit list tells where the track begins, in the movie's timescale, hence one in which that is a whole number.
 */
export function fragmentedMp4(timescale: number): string[] {
  return [
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
    ...['-movflags', '+frag_keyframe+delay_moov+default_base_moof'],
    ...['-movie_timescale', String(timescale), '-f', 'mp4'],
  ];
}
