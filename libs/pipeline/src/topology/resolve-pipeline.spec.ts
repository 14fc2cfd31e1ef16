import fc from 'fast-check';
import { resolvePipeline, type Resolution, type ResolutionFacts } from './resolve-pipeline';
import { sample, stored } from './test-bodies';
import type { ParameterType, ParameterValue, Topology } from './topology';

const HOUR = 60 * 60_000;
const NOW = Date.UTC(2021, 9, 12, 19, 0, 0, 7);
const RANGE = '[["2021-10-12T18:37:00Z","2021-10-12T18:39:00Z"]]';
const VIDEO_EXPORT = sample('video-export');
const ORIGINAL_EXPORT = sample('original-export');

const GIVEN: readonly ParameterValue[] = [
  { name: 'sourceVideoName', value: 'gate-1' },
  { name: 'videoSourceTimeSequenceParameter', value: RANGE },
  { name: 'exportedVideoName', value: 'clip-1' },
];

const facts = (parameters: readonly ParameterValue[] = GIVEN): ResolutionFacts => ({
  topologyName: 'video-export',
  jobName: 'job-7',
  parameters,
  now: NOW,
  limits: { maxSpanMs: 24 * HOUR, maxFutureMs: 24 * HOUR },
});

const withValue = (name: string, value: string): readonly ParameterValue[] => [
  ...GIVEN.filter((parameter) => parameter.name !== name),
  { name, value },
];

const problemsOf = (resolution: Resolution): string[] =>
  'problems' in resolution
    ? resolution.problems.map(({ code, target, message }) => `${code} ${target}: ${message}`)
    : [];

/** A pass-through topology with these texts and parameters. */
function topology(
  texts: { sink?: string; title?: string; ranges?: string },
  parameters: readonly [string, ParameterType, string?][] = [],
): Topology {
  const { sources, sinks } = ORIGINAL_EXPORT.properties;
  return stored({
    ...ORIGINAL_EXPORT,
    properties: {
      parameters: parameters.map(([name, type, value]) => ({ name, type, default: value ?? null })),
      sources: [
        {
          ...sources[0],
          videoName: 'gate-1',
          timeSequences: { ...sources[0]!.timeSequences, ranges: texts.ranges ?? RANGE },
        },
      ],
      sinks: [
        {
          ...sinks[0],
          videoName: texts.sink ?? 'clip',
          videoCreationProperties: { title: texts.title ?? 't' },
        },
      ],
    },
  });
}

describe('resolvePipeline', () => {
  it('fills the sample Video export in', () => {
    expect(resolvePipeline(VIDEO_EXPORT, facts())).toEqual({
      pipeline: {
        topologyName: 'video-export',
        source: {
          videoName: 'gate-1',
          ranges: [{ startMs: Date.UTC(2021, 9, 12, 18, 37), endMs: Date.UTC(2021, 9, 12, 18, 39) }],
        },
        encoder: {
          format: 1,
          video: { kind: 'h264', maxBitrateKbps: 6000, scale: { mode: 'PreserveAspectRatio', height: 1080 } },
          audio: { kind: 'aac', bitrateKbps: 128 },
        },
        sink: { videoName: 'clip-1', title: 'clip-1', description: 'Exported from gate-1' },
      },
    });
  });

  it('fills the sample Original export in, without an encoder', () => {
    expect(resolvePipeline(ORIGINAL_EXPORT, facts())).toMatchObject({
      pipeline: { sink: { videoName: 'clip-1' } },
    });
    expect(JSON.stringify(resolvePipeline(ORIGINAL_EXPORT, facts()))).not.toContain('encoder');
  });

  it.each(['SingleLayer_540p_H264_AAC', 'h264singlebitratesd'])(
    'lets a job override a default with %s',
    (preset) => {
      const resolution = resolvePipeline(VIDEO_EXPORT, facts([...GIVEN, { name: 'preset', value: preset }]));
      expect(resolution).toMatchObject({ pipeline: { encoder: { video: { scale: { height: 540 } } } } });
    },
  );

  it('uses the default for a parameter that is named without a value', () => {
    expect(resolvePipeline(VIDEO_EXPORT, facts([...GIVEN, { name: 'preset' }]))).toHaveProperty('pipeline');
  });

  it('takes an encoder node that copies both tracks as pass-through', () => {
    const preset = { '@type': '#Microsoft.VideoAnalyzer.EncoderCustomPreset' } as const;
    const copying: Topology = {
      ...VIDEO_EXPORT,
      properties: {
        ...VIDEO_EXPORT.properties,
        parameters: VIDEO_EXPORT.properties.parameters.slice(0, 3),
        processors: [{ ...VIDEO_EXPORT.properties.processors[0]!, preset }],
      },
    };
    expect(JSON.stringify(resolvePipeline(copying, facts()))).not.toContain('encoder');
  });

  it.each<[string, string, readonly [string, ParameterType, string?][], string]>([
    ['a part of a text', 'a-${x}-b', [['x', 'String', '1']], 'a-1-b'],
    ['a parameter twice', '${x}${x}', [['x', 'Int', '12']], '1212'],
    ['an escaped ${', '$${x} ${x}', [['x', 'String', '1']], '${x} 1'],
    ['a value that looks like a reference, as text', '${x}', [['x', 'String', '${x}$${y}']], '${x}$${y}'],
    ['a Bool in lower case', '${x}', [['x', 'Bool', 'True']], 'true'],
    [
      "the topology's and the job's name",
      '${System.TopologyName}/${System.PipelineName}',
      [],
      'video-export/job-7',
    ],
    ['the moment', '${System.Runtime.DateTime}', [], '20211012T190000Z'],
    ['the precise moment', '${System.Runtime.PreciseDateTime}', [], '20211012T190000.007Z'],
  ])('puts in %s', (_reason, title, parameters, expected) => {
    const resolution = resolvePipeline(topology({ title }, parameters), facts([]));
    expect(resolution).toMatchObject({ pipeline: { sink: { title: expected } } });
  });

  it('names an output after its job', () => {
    const resolution = resolvePipeline(topology({ sink: 'clip-${System.PipelineName}' }), facts([]));
    expect(resolution).toMatchObject({ pipeline: { sink: { videoName: 'clip-job-7' } } });
  });

  it('names unknown, repeated, missing and ill-typed parameters all at once', () => {
    const declared = topology({ title: '${a}${b}${c}' }, [
      ['a', 'String'],
      ['b', 'Int'],
      ['c', 'Bool', 'true'],
    ]);
    const given = [
      { name: 'b', value: '1.5' },
      { name: 'nobody', value: '' },
      { name: 'c', value: 'true' },
      { name: 'c', value: 'false' },
    ];
    expect(problemsOf(resolvePipeline(declared, facts(given)))).toEqual([
      'ParameterInvalid properties.parameters[1].name: the topology declares no parameter "nobody"',
      'ParameterInvalid properties.parameters[3].name: the parameter "c" is given twice',
      'ParameterInvalid properties.parameters: the parameter "a" has no default and needs a value',
      'ParameterInvalid properties.parameters[0].value: "b": expected an Int: a whole number of 32 bits',
    ]);
  });

  it.each<[string, Topology, readonly ParameterValue[], string]>([
    [
      'a name that is none',
      VIDEO_EXPORT,
      withValue('exportedVideoName', 'my clip'),
      'ParameterInvalid properties.parameters[2].value: properties.sinks[0].videoName is "my clip": not a name of',
    ],
    [
      'a preset that is none',
      VIDEO_EXPORT,
      withValue('preset', '8K'),
      'ParameterInvalid properties.parameters[3].value: properties.processors[0].preset.name is "8K": not a system preset',
    ],
    [
      'a range that is none',
      VIDEO_EXPORT,
      withValue('videoSourceTimeSequenceParameter', '[["now","later"]]'),
      'RangeInvalid properties.parameters[2].value: properties.sources[0].timeSequences.ranges is "[[\\"now\\",\\"later\\"]]": "now" is no RFC 3339 time in UTC',
    ],
    [
      'a range that is too long',
      VIDEO_EXPORT,
      withValue('videoSourceTimeSequenceParameter', '[["2021-10-10T00:00:00Z","2021-10-11T00:00:01Z"]]'),
      'the ranges together hold 24.001 h; at most 24 h are allowed',
    ],
    [
      'a range too far ahead',
      VIDEO_EXPORT,
      withValue('videoSourceTimeSequenceParameter', '[["2021-10-13T12:00:00Z","2021-10-13T19:00:01Z"]]'),
      'the end 2021-10-13T19:00:01.000Z is more than 24 h ahead',
    ],
    [
      'a range of the topology itself, with its path there',
      topology({ ranges: '[["2021-10-10T00:00:00Z","2021-10-12T00:00:00Z"]]' }),
      [],
      'RangeInvalid properties.sources[0].timeSequences.ranges: properties.sources[0].timeSequences.ranges is',
    ],
    [
      'a default that does not fit, with its path there',
      topology({ sink: '${x}' }, [['x', 'String', 'a b']]),
      [],
      'ParameterInvalid properties.sinks[0].videoName: properties.sinks[0].videoName is "a b": not a name',
    ],
    [
      'a title that grows too long',
      topology({ title: '${x}${x}' }, [['x', 'String', 't'.repeat(200)]]),
      [],
      'not at most 256 characters',
    ],
  ])('refuses %s', (_reason, given, parameters, problem) => {
    expect(problemsOf(resolvePipeline(given, facts(parameters)))).toEqual([expect.stringContaining(problem)]);
  });

  it('checks a scale whose mode a job chooses', () => {
    const scaled = structuredClone(VIDEO_EXPORT) as unknown as { properties: { processors: unknown[] } };
    scaled.properties.processors[0] = {
      ...VIDEO_EXPORT.properties.processors[0],
      preset: {
        '@type': '#Microsoft.VideoAnalyzer.EncoderCustomPreset',
        videoEncoder: {
          '@type': '#Microsoft.VideoAnalyzer.VideoEncoderH264',
          scale: { mode: '${preset}', height: '720' },
        },
      },
    };
    const chosen = stored(scaled);
    const resolve = (mode: string): Resolution => resolvePipeline(chosen, facts(withValue('preset', mode)));
    expect(resolve('preserveaspectratio')).toMatchObject({
      pipeline: { encoder: { video: { scale: { mode: 'PreserveAspectRatio', height: 720 } } } },
    });
    expect(problemsOf(resolve('stretch'))).toEqual([
      expect.stringContaining('scale mode Stretch needs width and height'),
    ]);
  });

  it.each([
    ['a name', { sink: '${x}' }, 'top secret'],
    ['a range', { ranges: '${x}' }, '[["top secret","2021"]]'],
    ['a range that is too long', { ranges: '${x}' }, '[["2001-01-01T00:00:00Z","2021-01-01T00:00:00Z"]]'],
  ])('does not show a secret that is refused as %s', (_reason, texts, value) => {
    const secretive = topology(texts, [['x', 'SecretString']]);
    const problems = problemsOf(resolvePipeline(secretive, facts([{ name: 'x', value }])));
    expect(problems).toEqual([expect.stringContaining('a text with a secret')]);
    expect(problems.join()).not.toContain('top secret');
    expect(problems.join()).not.toContain('2001');
  });

  it('does not grow beyond reason, whatever is put in', () => {
    const text = '${x}'.repeat(4000);
    const huge = topology({ title: text }, [['x', 'String', 'y'.repeat(16_384)]]);
    expect(problemsOf(resolvePipeline(huge, facts([])))).toHaveLength(1);
  });

  it('gives a pipeline or problems for any values, never a throw', () => {
    const names = VIDEO_EXPORT.properties.parameters.map(({ name }) => name);
    const value = fc.oneof(fc.string(), fc.constantFrom(RANGE, 'a', '${a}', 'SingleLayer_720p_H264_AAC'));
    const parameter = fc.record({ name: fc.oneof(fc.constantFrom(...names), fc.string()), value });
    fc.assert(
      fc.property(fc.array(parameter), (parameters) => {
        const resolution = resolvePipeline(VIDEO_EXPORT, facts(parameters));
        expect('pipeline' in resolution || resolution.problems.length > 0).toBe(true);
      }),
    );
  });
});
