/** What a system preset fixes; frame rate and aspect ratio are the source's. */
export interface SystemPreset {
  readonly height: number;
  readonly maxVideoKbps: number;
  /** AAC-LC, when the source has sound. */
  readonly audioKbps: number;
}

/** The four encoder presets that a topology may name. */
export const SYSTEM_PRESETS = {
  SingleLayer_540p_H264_AAC: { height: 540, maxVideoKbps: 2000, audioKbps: 96 },
  SingleLayer_720p_H264_AAC: { height: 720, maxVideoKbps: 3500, audioKbps: 96 },
  SingleLayer_1080p_H264_AAC: { height: 1080, maxVideoKbps: 6000, audioKbps: 128 },
  SingleLayer_2160p_H264_AAC: { height: 2160, maxVideoKbps: 16000, audioKbps: 128 },
} as const satisfies Record<string, SystemPreset>;

export type SystemPresetName = keyof typeof SYSTEM_PRESETS;

/** The names of the tutorial's draft, in lower case, and what each is called now. */
const OLDER_NAMES: ReadonlyMap<string, SystemPresetName> = new Map([
  ['h264singlebitratesd', 'SingleLayer_540p_H264_AAC'],
  ['h264singlebitrate720p', 'SingleLayer_720p_H264_AAC'],
  ['h264singlebitrate1080p', 'SingleLayer_1080p_H264_AAC'],
]);

const BY_LOWER_CASE: ReadonlyMap<string, SystemPresetName> = new Map(
  // `as`: the keys of a literal object are exactly its type's keys.
  (Object.keys(SYSTEM_PRESETS) as SystemPresetName[]).map((name) => [name.toLowerCase(), name]),
);

/** The preset that a text names, without regard to case, under its present or its older name. */
export function findSystemPreset(text: string): SystemPresetName | undefined {
  const lower = text.toLowerCase();
  return BY_LOWER_CASE.get(lower) ?? OLDER_NAMES.get(lower);
}
