import { SYSTEM_PRESETS, type SystemPresetName } from '../encode/system-presets';
import {
  TYPE_NAMES,
  type ParameterDeclaration,
  type Topology,
  type VideoSink,
  type VideoSource,
} from './topology';

/** A topology that is there from the start. A sample that somebody deletes stays deleted. */
export interface Sample {
  readonly name: string;
  readonly topology: Topology;
}

/** The parameter names are those that the tutorial's portal asks for. */
const PARAMETERS = {
  source: 'sourceVideoName',
  range: 'videoSourceTimeSequenceParameter',
  sink: 'exportedVideoName',
  preset: 'preset',
} as const;

const DEFAULT_PRESET: SystemPresetName = 'SingleLayer_1080p_H264_AAC';

const COMMON_PARAMETERS: readonly ParameterDeclaration[] = [
  { name: PARAMETERS.source, type: 'String', description: 'The recorded video to export from' },
  {
    name: PARAMETERS.range,
    type: 'String',
    description: 'What to export, in UTC: [["2021-10-12T18:37:00Z","2021-10-12T18:39:00Z"]]',
  },
  { name: PARAMETERS.sink, type: 'String', description: 'A name for the exported MP4; it must be free' },
];

const reference = (name: string): string => `\${${name}}`;

const SOURCE: VideoSource = {
  '@type': TYPE_NAMES.videoSource,
  name: 'videoSource',
  videoName: reference(PARAMETERS.source),
  timeSequences: { '@type': TYPE_NAMES.absoluteTimeMarkers, ranges: reference(PARAMETERS.range) },
};

const sinkAfter = (nodeName: string): VideoSink => ({
  '@type': TYPE_NAMES.videoSink,
  name: 'videoSink',
  videoName: reference(PARAMETERS.sink),
  inputs: [{ nodeName }],
});

const VIDEO_EXPORT: Topology = {
  kind: 'Batch',
  sku: { name: 'Batch_S1' },
  properties: {
    description: 'Video export: a portion of a recording, encoded anew to one MP4',
    parameters: [
      ...COMMON_PARAMETERS,
      {
        name: PARAMETERS.preset,
        type: 'String',
        description: `Size and bitrate: ${Object.keys(SYSTEM_PRESETS).join(', ')}`,
        default: DEFAULT_PRESET,
      },
    ],
    sources: [SOURCE],
    processors: [
      {
        '@type': TYPE_NAMES.encoderProcessor,
        name: 'encoderProcessor',
        preset: { '@type': TYPE_NAMES.systemPreset, name: reference(PARAMETERS.preset) },
        inputs: [{ nodeName: SOURCE.name }],
      },
    ],
    sinks: [
      {
        ...sinkAfter('encoderProcessor'),
        videoCreationProperties: {
          title: reference(PARAMETERS.sink),
          description: `Exported from ${reference(PARAMETERS.source)}`,
        },
      },
    ],
  },
};

const ORIGINAL_EXPORT: Topology = {
  kind: 'Batch',
  sku: { name: 'Batch_S1' },
  properties: {
    description: "Original export: a portion of a recording as one MP4, with the camera's own bits",
    parameters: COMMON_PARAMETERS,
    sources: [SOURCE],
    processors: [],
    sinks: [sinkAfter(SOURCE.name)],
  },
};

export const SAMPLES: readonly Sample[] = [
  { name: 'video-export', topology: VIDEO_EXPORT },
  { name: 'original-export', topology: ORIGINAL_EXPORT },
];
