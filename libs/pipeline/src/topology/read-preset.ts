import { definedMembers } from './defined-members';
import { JsonObject, type Member } from './json-object';
import type { NodeContext } from './node-context';
import { TEXT_RULES } from './text-rules';
import {
  TYPE_NAMES,
  type AudioEncoderNode,
  type CustomPresetNode,
  type Preset,
  type VideoEncoderNode,
} from './topology';
import { readTypeName } from './type-names';

export function readPreset(member: Member | undefined, context: NodeContext): Preset | undefined {
  return readPart(member, context, (preset) => {
    const type = readTypeName(preset, [TYPE_NAMES.systemPreset, TYPE_NAMES.customPreset], context.problems);
    switch (type) {
      case TYPE_NAMES.systemPreset: {
        const name = context.readText(preset.require('name'), TEXT_RULES.systemPreset);
        preset.close();
        return name === undefined ? undefined : { '@type': type, name };
      }
      case TYPE_NAMES.customPreset:
        return readCustomPreset(preset, context);
      case undefined:
        return undefined;
    }
  });
}

function readCustomPreset(preset: JsonObject, context: NodeContext): CustomPresetNode {
  const videoEncoder = readPart(preset.take('videoEncoder'), context, (encoder) =>
    readVideoEncoder(encoder, context),
  );
  const audioEncoder = readPart(preset.take('audioEncoder'), context, (encoder) =>
    readAudioEncoder(encoder, context),
  );
  preset.close();
  return definedMembers({ '@type': TYPE_NAMES.customPreset, videoEncoder, audioEncoder });
}

function readVideoEncoder(encoder: JsonObject, context: NodeContext): VideoEncoderNode | undefined {
  const type = readTypeName(
    encoder,
    [TYPE_NAMES.videoEncoderH264, TYPE_NAMES.videoEncoderH265],
    context.problems,
  );
  const bitrate = encoder.take('bitrateKbps', 'maximumBitrate');
  const rule = bitrate?.name === 'maximumBitrate' ? TEXT_RULES.maximumBitrate : TEXT_RULES.bitrateKbps;
  const bitrateKbps = context.readText(bitrate, rule);
  const quality = context.readText(encoder.take('quality'), TEXT_RULES.quality);
  const speed = context.readText(encoder.take('speed'), TEXT_RULES.speed);
  const frameRate = context.readText(encoder.take('frameRate'), TEXT_RULES.frameRate);
  const scale = readPart(encoder.take('scale'), context, (object) => readScale(object, context));
  encoder.close();
  return type === undefined
    ? undefined
    : definedMembers({ '@type': type, bitrateKbps, quality, speed, frameRate, scale });
}

function readScale(object: JsonObject, context: NodeContext): NonNullable<VideoEncoderNode['scale']> {
  const members = { mode: object.take('mode'), width: object.take('width'), height: object.take('height') };
  const mode = context.readText(members.mode, TEXT_RULES.scaleMode);
  const given = [members.width, members.height].filter((member) => member !== undefined).length;
  const fixesBoth = members.mode === undefined || mode === 'Pad' || mode === 'Stretch';
  if (fixesBoth && given < 2) {
    context.problems.add(object.path, `scale mode ${mode ?? 'Pad (the default)'} needs width and height`);
  } else if (given === 0) {
    context.problems.add(object.path, 'a scale needs width, height or both');
  }
  const scale = definedMembers({
    mode,
    width: context.readText(members.width, TEXT_RULES.scaleWidth),
    height: context.readText(members.height, TEXT_RULES.scaleHeight),
  });
  object.close();
  return scale;
}

function readAudioEncoder(encoder: JsonObject, context: NodeContext): AudioEncoderNode | undefined {
  const choices = [TYPE_NAMES.audioEncoderAac, TYPE_NAMES.audioEncoderNone];
  const type = readTypeName(encoder, choices, context.problems);
  if (type === undefined) {
    return undefined;
  }
  if (type === TYPE_NAMES.audioEncoderNone) {
    encoder.close();
    return { '@type': type };
  }
  const bitrate = encoder.take('bitrateKbps', 'bitrate');
  const rule = bitrate?.name === 'bitrate' ? TEXT_RULES.audioBitrate : TEXT_RULES.audioBitrateKbps;
  const bitrateKbps = context.readText(bitrate, rule);
  encoder.close();
  return definedMembers({ '@type': type, bitrateKbps });
}

/** Reads a member that is an object; nothing when it is absent or none. */
function readPart<T>(
  member: Member | undefined,
  context: NodeContext,
  read: (object: JsonObject) => T | undefined,
): T | undefined {
  if (member === undefined) {
    return undefined;
  }
  const object = JsonObject.read(member.value, member.path, context.problems);
  return object === undefined ? undefined : read(object);
}
