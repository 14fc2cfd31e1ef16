import fc from 'fast-check';
import { parseTopology } from './parse-topology';
import { SAMPLES } from './samples';
import {
  bodyWith,
  bodyWithEncoders,
  bodyWithPreset,
  problemsOf,
  replaced,
  sample,
  stored,
} from './test-bodies';

const VIDEO_EXPORT = sample('video-export');
const VIDEO = 'properties.processors[0].preset.videoEncoder';
const AUDIO = 'properties.processors[0].preset.audioEncoder';

describe('parseTopology', () => {
  it.each(SAMPLES.map(({ name, topology }) => [name, topology] as const))(
    'gives the sample %s back as it is',
    (_name, topology) => {
      expect(stored(topology)).toEqual(topology);
    },
  );

  it('gives what it has once stored back unchanged', () => {
    const once = stored(TUTORIAL);
    expect(stored(once)).toEqual(once);
  });

  it('accepts and forgets members that only answers have', () => {
    const answer = {
      ...VIDEO_EXPORT,
      id: '/x',
      name: 'video-export',
      type: 'Microsoft.Media/videoAnalyzers/pipelineTopologies',
      systemData: { createdAt: '2021-10-22T08:11:52Z' },
      sku: { name: 'Batch_S1', tier: 'Standard' },
    };
    expect(stored(answer)).toEqual(VIDEO_EXPORT);
  });

  it.each([
    ['kind', 'batch'],
    ['sku.name', 'BATCH_s1'],
    ['properties.parameters.0.type', 'string'],
    ['properties.sources.0.@type', '#microsoft.videoanalyzer.VIDEOSOURCE'],
    ['properties.sinks.0.@type', '#Microsoft.VideoAnalyzer.videoSink'],
  ])('matches %s without regard to case and stores the canonical spelling', (path, value) => {
    expect(stored(bodyWith(path, value))).toEqual(VIDEO_EXPORT);
  });

  it('spells a preset and a scale mode as the contract does', () => {
    const made = bodyWithEncoders({ scale: { mode: 'preserveaspectratio', height: '720' } });
    expect(JSON.stringify(stored(made))).toContain('"mode":"PreserveAspectRatio"');
    const system = bodyWithPreset({
      '@type': '#Microsoft.VideoAnalyzer.EncoderSystemPreset',
      name: 'singlelayer_720P_h264_aac',
    });
    expect(JSON.stringify(stored(system))).toContain('"SingleLayer_720p_H264_AAC"');
  });

  it('takes null for absent', () => {
    expect(stored(bodyWith('properties.sinks.0.videoCreationProperties', null))).toEqual(
      stored(bodyWith('properties.sinks.0.videoCreationProperties', undefined)),
    );
  });

  it('takes a graph without an encoder', () => {
    expect(stored(sample('original-export')).properties.processors).toEqual([]);
  });
});

const TUTORIAL = {
  kind: 'batch',
  sku: { name: 'Batch_S1' },
  properties: {
    sources: [
      {
        '@type': '#Microsoft.VideoAnalyzer.VideoSource',
        name: 'source',
        videoName: 'gate-1',
        'sequences ': {
          '@type': '#Microsoft.VideoAnalyzer.VideoDateTimeSequencesString',
          dateTimeMarkers:
            '[[2020-10-05T03:30:00Z,2020-10-05T03:40:00Z],[2020-10-05T04:00:00Z, 2020-10-05T04:10:00.5Z]]',
        },
      },
    ],
    processors: [
      {
        '@type': '#Microsoft.VideoAnalyzer.EncoderProcessor',
        name: 'encoder',
        preset: {
          '@type': '#Microsoft.VideoAnalyzer.Encoder.CustomPreset',
          videoEncoder: {
            '@type': '#Microsoft.VideoAnalyzer.VideoH264Encoder',
            maximumBitrate: '2000000',
            scale: { mode: 'Pad', width: '1280', height: '720' },
          },
          audioEncoder: { '@type': '#Microsoft.VideoAnalyzer.AudioAacEncoder', bitrate: '128000' },
        },
        inputs: [{ nodeName: 'source' }],
      },
    ],
    sinks: [
      {
        '@type': '#Microsoft.VideoAnalyzer.VideoSink',
        name: 'sink',
        videoName: 'clip-1',
        inputs: [{ nodeName: 'encoder' }],
      },
    ],
  },
};

describe("the tutorial's older names", () => {
  it('are stored under the final ones, with bit/s as kbit/s and times in quotes', () => {
    const { sources, processors } = stored(TUTORIAL).properties;
    expect(sources[0]).toEqual({
      '@type': '#Microsoft.VideoAnalyzer.VideoSource',
      name: 'source',
      videoName: 'gate-1',
      timeSequences: {
        '@type': '#Microsoft.VideoAnalyzer.VideoSequenceAbsoluteTimeMarkers',
        ranges:
          '[["2020-10-05T03:30:00Z","2020-10-05T03:40:00Z"],["2020-10-05T04:00:00Z", "2020-10-05T04:10:00.5Z"]]',
      },
    });
    expect(processors[0]!.preset).toEqual({
      '@type': '#Microsoft.VideoAnalyzer.EncoderCustomPreset',
      videoEncoder: {
        '@type': '#Microsoft.VideoAnalyzer.VideoEncoderH264',
        bitrateKbps: '2000',
        scale: { mode: 'Pad', width: '1280', height: '720' },
      },
      audioEncoder: { '@type': '#Microsoft.VideoAnalyzer.AudioEncoderAac', bitrateKbps: '128' },
    });
  });

  it.each([
    ['H264SingleBitrateSD', 'SingleLayer_540p_H264_AAC'],
    ['H264SingleBitrate720p', 'SingleLayer_720p_H264_AAC'],
    ['h264singlebitrate1080P', 'SingleLayer_1080p_H264_AAC'],
  ])('include the preset %s, now %s', (older, name) => {
    const made = bodyWithPreset({ '@type': '#Microsoft.VideoAnalyzer.Encoder.SystemPreset', name: older });
    expect(stored(made).properties.processors[0]!.preset).toEqual({
      '@type': '#Microsoft.VideoAnalyzer.EncoderSystemPreset',
      name,
    });
  });

  it('include AudioEncoderNone, which has no newer name', () => {
    const audioEncoder = { '@type': '#Microsoft.VideoAnalyzer.AudioEncoderNone' };
    const made = bodyWithEncoders({}, audioEncoder);
    expect(stored(made).properties.processors[0]!.preset).toMatchObject({ audioEncoder });
  });

  it('are refused beside the final name that says the same', () => {
    expect(problemsOf(bodyWithEncoders({ bitrateKbps: '2000', maximumBitrate: '2000000' }))).toEqual([
      `${VIDEO}.maximumBitrate: says the same as "bitrateKbps": give one of them`,
    ]);
  });

  it('take no reference where the unit changes', () => {
    expect(problemsOf(bodyWithEncoders({ maximumBitrate: '${preset}' }))).toContainEqual(
      `${VIDEO}.maximumBitrate: a reference cannot be turned from bit/s into kbit/s: use bitrateKbps`,
    );
  });

  it("break the tutorial's own list with an audio bitrate of 48000", () => {
    expect(problemsOf(bodyWithEncoders({}, { bitrate: '48000' }))[0]).toMatch(
      `${AUDIO}.bitrate: "48000" is not`,
    );
  });
});

describe('any JSON', () => {
  it('gives a topology or problems, never a throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        expect('problems' in parseTopology(given)).toBe(true);
      }),
    );
  });

  it('in any place of a good topology gives a topology that reads back the same, or problems', () => {
    const places = leaves(TUTORIAL).concat(leaves(VIDEO_EXPORT));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.oneof(fc.jsonValue(), tricky), ({ from, path }, value) => {
        const reading = parseTopology(replaced(from, path, value));
        if ('topology' in reading) {
          expect(stored(reading.topology)).toEqual(reading.topology);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const tricky = fc.constantFrom(
  '${preset}',
  '$${preset}',
  '${}',
  '${__proto__}',
  '__proto__',
  '[[a,b]]',
  '[["2020-10-05T03:30:00Z","2020-10-05T03:30:00.0000001Z"]]',
  '-1',
  '1e999',
);

type Place = { readonly from: unknown; readonly path: readonly string[] };

function leaves(from: unknown, at: unknown = from, path: readonly string[] = []): Place[] {
  if (typeof at !== 'object' || at === null) {
    return [{ from, path }];
  }
  const inside = Object.entries(at).flatMap(([name, member]) => leaves(from, member, [...path, name]));
  return [...inside, { from, path }];
}
