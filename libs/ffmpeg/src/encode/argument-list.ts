import ffmpegCommand from 'fluent-ffmpeg';

export interface ArgumentGroups {
  readonly input: readonly string[];
  /** Chains of a filter graph. */
  readonly filters: readonly string[];
  readonly output: readonly string[];
}

/** What fluent-ffmpeg has and its types do not show; it is archived, so this stays. */
interface ArgumentBuilder {
  _getArguments(): string[];
}

/**
 * The arguments in the order that ffmpeg wants them, from pipe to pipe. fluent-ffmpeg builds the list and nothing else:
 * its own `run` asks ffmpeg what it can do by parsing texts that have changed, and loses kills.
 */
export function argumentList({ input, filters, output }: ArgumentGroups): string[] {
  const command = ffmpegCommand();
  // Options go in one by one: given a list, fluent-ffmpeg splits every one that has a blank in it.
  command.input('pipe:0');
  command.inputOptions(...input);
  if (filters.length > 0) {
    command.complexFilter([...filters]);
  }
  command.output('pipe:1');
  command.outputOptions(...output);
  return (command as unknown as ArgumentBuilder)._getArguments();
}
