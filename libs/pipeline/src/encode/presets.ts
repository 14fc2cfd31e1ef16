import type { AudioEncoderNode, Preset, VideoEncoderNode } from '../topology/topology';
import { TYPE_NAMES } from '../topology/topology';
import {
  ENCODING_SPEEDS,
  type AudioSettings,
  type EncoderSettings,
  type ScaleMode,
  type ScaleSettings,
  type VideoSettings,
} from './encoder-settings';
import { findSystemPreset, SYSTEM_PRESETS, type SystemPresetName } from './system-presets';

/**
 * What a preset means for each track. Takes presets whose texts are filled in and checked.
 * A custom preset without an encoder for a track leaves that track as it is.
 */
export function presetSettings(preset: Preset): EncoderSettings {
  if (preset['@type'] === TYPE_NAMES.customPreset) {
    return {
      format: 1,
      video: preset.videoEncoder === undefined ? 'copy' : videoSettings(preset.videoEncoder),
      audio: preset.audioEncoder === undefined ? 'copy' : audioSettings(preset.audioEncoder),
    };
  }
  const name = findSystemPreset(preset.name);
  if (name === undefined) {
    throw new RangeError(`preset text was not checked: ${preset.name}`);
  }
  return systemPresetSettings(name);
}

/** The preset's ceiling is a ceiling: what the picture needs less of, it does not use. */
export function systemPresetSettings(name: SystemPresetName): EncoderSettings {
  const { height, maxVideoKbps, audioKbps } = SYSTEM_PRESETS[name];
  return {
    format: 1,
    video: { kind: 'h264', maxBitrateKbps: maxVideoKbps, scale: { mode: 'PreserveAspectRatio', height } },
    audio: { kind: 'aac', bitrateKbps: audioKbps },
  };
}

function videoSettings(node: VideoEncoderNode): VideoSettings {
  return {
    kind: node['@type'] === TYPE_NAMES.videoEncoderH265 ? 'h265' : 'h264',
    ...(node.bitrateKbps !== undefined && { maxBitrateKbps: Number(node.bitrateKbps) }),
    ...(node.quality !== undefined && { quality: Number(node.quality) }),
    ...speedSettings(node.speed),
    ...(node.frameRate !== undefined && { frameRate: Number(node.frameRate) }),
    ...(node.scale !== undefined && { scale: scaleSettings(node.scale) }),
  };
}

function speedSettings(text: string | undefined): Pick<VideoSettings, 'speed'> {
  const speed = ENCODING_SPEEDS.find((known) => known === text);
  return speed === undefined ? {} : { speed };
}

function scaleSettings(scale: NonNullable<VideoEncoderNode['scale']>): ScaleSettings {
  return {
    mode: scaleMode(scale.mode),
    ...(scale.width !== undefined && { width: Number(scale.width) }),
    ...(scale.height !== undefined && { height: Number(scale.height) }),
  };
}

function audioSettings(node: AudioEncoderNode): AudioSettings | 'none' {
  if (node['@type'] === TYPE_NAMES.audioEncoderNone) {
    return 'none';
  }
  return { kind: 'aac', ...(node.bitrateKbps !== undefined && { bitrateKbps: Number(node.bitrateKbps) }) };
}

function scaleMode(text: string | undefined): ScaleMode {
  return text === 'PreserveAspectRatio' || text === 'Stretch' ? text : 'Pad';
}
