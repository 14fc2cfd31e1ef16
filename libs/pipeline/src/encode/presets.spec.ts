import { TYPE_NAMES, type CustomPresetNode } from '../topology/topology';
import { presetSettings } from './presets';
import { findSystemPreset, SYSTEM_PRESETS } from './system-presets';

const custom = (members: Omit<CustomPresetNode, '@type'>): CustomPresetNode => ({
  '@type': TYPE_NAMES.customPreset,
  ...members,
});
const h264 = { '@type': TYPE_NAMES.videoEncoderH264 };
const aac = { '@type': TYPE_NAMES.audioEncoderAac };

describe('presetSettings', () => {
  it.each([
    ['SingleLayer_540p_H264_AAC', 540, 2000, 96],
    ['SingleLayer_720p_H264_AAC', 720, 3500, 96],
    ['SingleLayer_1080p_H264_AAC', 1080, 6000, 128],
    ['SingleLayer_2160p_H264_AAC', 2160, 16000, 128],
  ])('keeps frame rate and aspect ratio in %s', (name, height, maxBitrateKbps, bitrateKbps) => {
    expect(presetSettings({ '@type': TYPE_NAMES.systemPreset, name })).toEqual({
      format: 1,
      video: { kind: 'h264', maxBitrateKbps, scale: { mode: 'PreserveAspectRatio', height } },
      audio: { kind: 'aac', bitrateKbps },
    });
  });

  it.each<[string, CustomPresetNode, unknown, unknown]>([
    ['copies both tracks without encoders', custom({}), 'copy', 'copy'],
    ['copies the sound without an audio encoder', custom({ videoEncoder: h264 }), { kind: 'h264' }, 'copy'],
    ['copies the picture without a video encoder', custom({ audioEncoder: aac }), 'copy', { kind: 'aac' }],
    [
      'drops the sound with AudioEncoderNone',
      custom({ audioEncoder: { '@type': TYPE_NAMES.audioEncoderNone } }),
      'copy',
      'none',
    ],
    [
      'takes what is beyond the contract',
      custom({ videoEncoder: { '@type': TYPE_NAMES.videoEncoderH265, quality: '20', speed: 'slow' } }),
      { kind: 'h265', quality: 20, speed: 'slow' },
      'copy',
    ],
    [
      'turns every text into its number',
      custom({
        videoEncoder: {
          ...h264,
          bitrateKbps: '3500',
          frameRate: '29.97',
          scale: { mode: 'Stretch', width: '640', height: '480' },
        },
        audioEncoder: { ...aac, bitrateKbps: '192' },
      }),
      {
        kind: 'h264',
        maxBitrateKbps: 3500,
        frameRate: 29.97,
        scale: { mode: 'Stretch', width: 640, height: 480 },
      },
      { kind: 'aac', bitrateKbps: 192 },
    ],
    [
      'pads by default',
      custom({ videoEncoder: { ...h264, scale: { width: '640', height: '480' } } }),
      { kind: 'h264', scale: { mode: 'Pad', width: 640, height: 480 } },
      'copy',
    ],
    [
      'keeps an aspect ratio by one dimension',
      custom({ videoEncoder: { ...h264, scale: { mode: 'PreserveAspectRatio', width: '640' } } }),
      { kind: 'h264', scale: { mode: 'PreserveAspectRatio', width: 640 } },
      'copy',
    ],
  ])('%s', (_promise, preset, video, audio) => {
    expect(presetSettings(preset)).toEqual({ format: 1, video, audio });
  });

  it('refuses to guess at a preset that nobody checked', () => {
    expect(() => presetSettings({ '@type': TYPE_NAMES.systemPreset, name: '${preset}' })).toThrow(RangeError);
  });
});

describe('findSystemPreset', () => {
  it.each(Object.keys(SYSTEM_PRESETS))('finds %s in any case', (name) => {
    expect(findSystemPreset(name.toUpperCase())).toBe(name);
  });

  it.each(['', 'toString', '1080p', 'SingleLayer_1080p_H264_AAC '])('does not find "%s"', (text) => {
    expect(findSystemPreset(text)).toBeUndefined();
  });
});
