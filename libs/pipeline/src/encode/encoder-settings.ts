/** What an encoder node makes of each track: the whole recipe, in numbers. Kept in job and task records. */
export interface EncoderSettings {
  readonly format: 1;
  readonly video: VideoSettings | 'copy';
  readonly audio: AudioSettings | 'copy' | 'none';
}

/** Whether an encoder node changes anything: what is copied whole is no work for an encoder. */
export function needsEncoder(settings: EncoderSettings | undefined): settings is EncoderSettings {
  return settings !== undefined && !(settings.video === 'copy' && settings.audio === 'copy');
}

export interface VideoSettings {
  readonly kind: 'h264' | 'h265';
  /** Ceiling of the bitrate; absent: what the quality needs. */
  readonly maxBitrateKbps?: number;
  /** Constant rate factor, smaller is better; absent: the encoder's own choice. */
  readonly quality?: number;
  /** Frames per second; absent: the source's own times, frame for frame. */
  readonly frameRate?: number;
  /** Absent: the source's picture size. */
  readonly scale?: ScaleSettings;
  readonly speed?: EncodingSpeed;
}

/** `Pad` and `Stretch` come with both dimensions, `PreserveAspectRatio` with at least one. */
export interface ScaleSettings {
  readonly mode: ScaleMode;
  readonly width?: number;
  readonly height?: number;
}

export type ScaleMode = 'Pad' | 'PreserveAspectRatio' | 'Stretch';

/** The encoder's trade of time for size, in its own words. */
export const ENCODING_SPEEDS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
] as const;
export type EncodingSpeed = (typeof ENCODING_SPEEDS)[number];

/** AAC-LC, stereo, 48 kHz. */
export interface AudioSettings {
  readonly kind: 'aac';
  /** Absent: about the source's. */
  readonly bitrateKbps?: number;
}
