/**
 * A pipeline topology of kind Batch as it is stored: AVA's final names, enums in their canonical spelling.
 *
 * A `Template` is a text that may hold `${parameter}` references. Numbers and enums of nodes are templates too,
 * which is why they are strings. See `template.ts` for the grammar.
 */
export interface Topology {
  readonly kind: 'Batch';
  readonly sku: { readonly name: 'Batch_S1' };
  readonly properties: TopologyProperties;
}

export type Template = string;

export interface TopologyProperties {
  readonly description?: string;
  /** In the order given. */
  readonly parameters: readonly ParameterDeclaration[];
  /** Exactly one. */
  readonly sources: readonly VideoSource[];
  /** None (pass-through) or one. */
  readonly processors: readonly EncoderProcessor[];
  /** Exactly one. */
  readonly sinks: readonly VideoSink[];
}

export const PARAMETER_TYPES = ['String', 'SecretString', 'Int', 'Double', 'Bool'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface ParameterDeclaration {
  readonly name: string;
  readonly type: ParameterType;
  readonly description?: string;
  /** A text whatever the type. Absent: a job must give the value. */
  readonly default?: string;
}

/** `@type` values of all nodes and of what they hold. */
export const TYPE_NAMES = {
  videoSource: '#Microsoft.VideoAnalyzer.VideoSource',
  rtspSource: '#Microsoft.VideoAnalyzer.RtspSource',
  absoluteTimeMarkers: '#Microsoft.VideoAnalyzer.VideoSequenceAbsoluteTimeMarkers',
  encoderProcessor: '#Microsoft.VideoAnalyzer.EncoderProcessor',
  systemPreset: '#Microsoft.VideoAnalyzer.EncoderSystemPreset',
  customPreset: '#Microsoft.VideoAnalyzer.EncoderCustomPreset',
  videoEncoderH264: '#Microsoft.VideoAnalyzer.VideoEncoderH264',
  /** Beyond the contract. */
  videoEncoderH265: '#Microsoft.VideoAnalyzer.VideoEncoderH265',
  audioEncoderAac: '#Microsoft.VideoAnalyzer.AudioEncoderAac',
  audioEncoderNone: '#Microsoft.VideoAnalyzer.AudioEncoderNone',
  videoSink: '#Microsoft.VideoAnalyzer.VideoSink',
} as const;

export interface VideoSource {
  readonly '@type': typeof TYPE_NAMES.videoSource;
  readonly name: string;
  readonly videoName: Template;
  readonly timeSequences: {
    readonly '@type': typeof TYPE_NAMES.absoluteTimeMarkers;
    /** A text holding JSON: `[["2021-10-05T03:30:00Z","2021-10-05T03:40:00Z"]]`. */
    readonly ranges: Template;
  };
}

export interface NodeInput {
  readonly nodeName: string;
}

export interface EncoderProcessor {
  readonly '@type': typeof TYPE_NAMES.encoderProcessor;
  readonly name: string;
  readonly inputs: readonly NodeInput[];
  readonly preset: Preset;
}

export type Preset = SystemPresetNode | CustomPresetNode;

export interface SystemPresetNode {
  readonly '@type': typeof TYPE_NAMES.systemPreset;
  readonly name: Template;
}

/** An encoder that is absent leaves its track as it is. */
export interface CustomPresetNode {
  readonly '@type': typeof TYPE_NAMES.customPreset;
  readonly videoEncoder?: VideoEncoderNode;
  readonly audioEncoder?: AudioEncoderNode;
}

export interface VideoEncoderNode {
  readonly '@type': typeof TYPE_NAMES.videoEncoderH264 | typeof TYPE_NAMES.videoEncoderH265;
  readonly bitrateKbps?: Template;
  /** Beyond the contract: constant rate factor, the lower the better. */
  readonly quality?: Template;
  /** Beyond the contract: the encoder's trade of time for size. */
  readonly speed?: Template;
  readonly frameRate?: Template;
  readonly scale?: {
    /** Absent: `Pad`. */
    readonly mode?: Template;
    readonly width?: Template;
    readonly height?: Template;
  };
}

/** `AudioEncoderNone` drops the sound: of the tutorial's draft, gone from AVA, kept here. */
export type AudioEncoderNode =
  | { readonly '@type': typeof TYPE_NAMES.audioEncoderAac; readonly bitrateKbps?: Template }
  | { readonly '@type': typeof TYPE_NAMES.audioEncoderNone };

export interface VideoSink {
  readonly '@type': typeof TYPE_NAMES.videoSink;
  readonly name: string;
  readonly inputs: readonly NodeInput[];
  readonly videoName: Template;
  readonly videoCreationProperties?: {
    readonly title?: Template;
    readonly description?: Template;
  };
}

/** What a job gives for a parameter. */
export interface ParameterValue {
  readonly name: string;
  /** A text whatever the type. Absent: the default. */
  readonly value?: string;
}
