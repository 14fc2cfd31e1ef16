import { parseTopology } from './parse-topology';
import { SAMPLES } from './samples';
import type { Topology } from './topology';

/** Bodies for the specs of this folder: the sample Video export, and what can be made of it. */
export type Json = Record<string, unknown>;

export function sample(name: string): Topology {
  const found = SAMPLES.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new RangeError(`no sample ${name}`);
  }
  return found.topology;
}

/** The sample with one member set (or, for `undefined`, taken away), such as `properties.sinks.0.name`. */
export function bodyWith(path: string, value: unknown): Json {
  return replaced(sample('video-export'), path.split('.'), value) as Json;
}

export function replaced(from: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) {
    return value;
  }
  const copy: Json = Object.assign(Array.isArray(from) ? [] : {}, from);
  copy[name] = replaced(copy[name], rest, value);
  if (copy[name] === undefined) {
    Reflect.deleteProperty(copy, name);
  }
  return copy;
}

export function bodyWithPreset(preset: unknown): Json {
  const parameters = sample('video-export').properties.parameters.filter(({ name }) => name !== 'preset');
  const made = bodyWith('properties.processors.0.preset', preset);
  return replaced(made, ['properties', 'parameters'], parameters) as Json;
}

export function bodyWithEncoders(video?: Json, audio?: Json): Json {
  return bodyWithPreset({
    '@type': '#Microsoft.VideoAnalyzer.EncoderCustomPreset',
    ...(video && { videoEncoder: { '@type': '#Microsoft.VideoAnalyzer.VideoEncoderH264', ...video } }),
    ...(audio && { audioEncoder: { '@type': '#Microsoft.VideoAnalyzer.AudioEncoderAac', ...audio } }),
  });
}

/** Each problem as `target: message`. */
export function problemsOf(given: unknown): string[] {
  const reading = parseTopology(given);
  return 'problems' in reading ? reading.problems.map(({ target, message }) => `${target}: ${message}`) : [];
}

export function stored(given: unknown): Topology {
  const reading = parseTopology(given);
  if ('problems' in reading) {
    throw new Error(JSON.stringify(reading.problems));
  }
  return reading.topology;
}
