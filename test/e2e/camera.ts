import { join } from 'node:path';
import {
  barCodeFilters,
  hashedPackets,
  mediaTool,
  presentedFrames,
  presentedSound,
  probePackets,
} from '@clipmesh/testkit';

/** A camera and the recorder behind it: what they encode, and how they write segments. */
export interface Camera {
  /** What is particular about it; also the name of its video. */
  readonly name: string;
  /** ffmpeg arguments of the video encoder. */
  readonly video: readonly string[];
  /** ffmpeg arguments of the audio encoder; no sound when absent. */
  readonly audio?: readonly string[];
  /** ffmpeg arguments of the container. */
  readonly mux?: readonly string[];
  readonly container?: 'mp4' | 'mov';
  /** ffmpeg filters before the encoder. */
  readonly filters?: string;
  /** What differs from segment to segment; as long as there are segments. */
  readonly segments?: readonly SegmentOddity[];
  /** Pictures behind a sync sample may refer to pictures before it; a cut leaves some that cannot be decoded, and hides them. */
  readonly opensGops?: boolean;
  /** One encoder runs through and its stream is cut; otherwise it starts anew with each segment. */
  readonly continuous?: boolean;
}

interface SegmentOddity {
  readonly mux?: readonly string[];
  readonly silent?: boolean;
}

/** What a camera has recorded, as ffmpeg and ffprobe see it; seconds count from the recording's start. */
export interface Recorded {
  readonly segments: readonly { readonly path: string; readonly startSeconds: number }[];
  readonly seconds: number;
  /** In presentation order. */
  readonly frames: readonly { readonly seconds: number; readonly hash: string }[];
  /** In decode order. */
  readonly videoPackets: readonly RecordedPacket[];
  /** None of sound without compression, which has no packets of its own. */
  readonly audioPackets: readonly SoundPacket[];
  /** Sound without compression, from the recording's start. */
  readonly sound: Int16Array | null;
}

export interface RecordedPacket {
  readonly seconds: number;
  readonly hash: string;
  readonly isSync: boolean;
}

export interface SoundPacket extends RecordedPacket {
  readonly durationSeconds: number;
  /** It begins while its segment lasts: not before, to prepare the decoder, nor behind the last picture. */
  readonly isHeard: boolean;
}

export const SEGMENT_SECONDS = 2;
export const SEGMENTS = 3;
export const FPS = 25;
const TOTAL_SECONDS = SEGMENTS * SEGMENT_SECONDS;

/** Makes the camera's segments in a folder, and looks at them with ffmpeg. */
export async function recordCamera(camera: Camera, folder: string): Promise<Recorded> {
  return camera.continuous === true ? recordCut(camera, folder) : recordAnew(camera, folder);
}

async function recordAnew(camera: Camera, folder: string): Promise<Recorded> {
  const segments = Array.from({ length: SEGMENTS }, (_, i) => ({
    path: join(folder, `${camera.name}-${i}.${camera.container ?? 'mp4'}`),
    startSeconds: i * SEGMENT_SECONDS,
  }));
  const seen = await Promise.all(
    segments.map(async ({ path, startSeconds }, i) => {
      const oddity = camera.segments?.[i] ?? {};
      await encode(camera, oddity, startSeconds, startSeconds + SEGMENT_SECONDS, path);
      return look(path, startSeconds, startSeconds + SEGMENT_SECONDS);
    }),
  );
  const sounds = isUncompressed(camera) ? segments.map(({ path }) => presentedSound(path)) : null;
  return {
    segments,
    seconds: TOTAL_SECONDS,
    frames: seen.flatMap(({ frames }) => frames),
    videoPackets: seen.flatMap(({ videoPackets }) => videoPackets),
    audioPackets: sounds === null ? seen.flatMap(({ audioPackets }) => audioPackets) : [],
    sound: sounds === null ? null : joined(await Promise.all(sounds)),
  };
}

async function recordCut(camera: Camera, folder: string): Promise<Recorded> {
  const extension = camera.container ?? 'mp4';
  const whole = join(folder, `${camera.name}.${extension}`);
  await encode({ ...camera, mux: [] }, {}, 0, TOTAL_SECONDS, whole);
  const mux = camera.mux ?? [];
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-i', whole, '-map', '0', '-c', 'copy', '-f', 'segment'],
    ...['-segment_time', String(SEGMENT_SECONDS), '-reset_timestamps', '1', '-segment_format', extension],
    ...(mux.length === 0 ? [] : ['-segment_format_options', optionList(mux)]),
    join(folder, `${camera.name}-%d.${extension}`),
  ]);
  const recorded = await look(whole, 0, TOTAL_SECONDS);
  const segments = [];
  let before = 0;
  for (let i = 0; before < recorded.videoPackets.length; i++) {
    const path = join(folder, `${camera.name}-${i}.${extension}`);
    const count = (await probePackets(path)).length;
    const own = recorded.videoPackets.slice(before, before + count);
    segments.push({ path, startSeconds: Math.min(...own.map(({ seconds }) => seconds)) });
    before += count;
  }
  return { segments, seconds: TOTAL_SECONDS, sound: null, ...recorded };
}

/** `-movflags +faststart` as the segment muxer hands it on: `movflags=+faststart`. */
function optionList(options: readonly string[]): string {
  return options
    .map((option, i) => (i % 2 === 0 ? `${option.slice(1)}=${options[i + 1] ?? ''}` : ''))
    .filter(Boolean)
    .join(':');
}

async function encode(
  camera: Camera,
  oddity: SegmentOddity,
  from: number,
  to: number,
  path: string,
): Promise<void> {
  const sound = oddity.silent === true ? undefined : camera.audio;
  const picture = [
    `testsrc2=size=192x160:rate=${FPS}`,
    `trim=start_frame=${from * FPS}:end_frame=${to * FPS}`,
    'setpts=PTS-STARTPTS',
    barCodeFilters(from * FPS),
    ...(camera.filters === undefined ? [] : [camera.filters]),
  ];
  // Without an edit list ffmpeg would show the first picture longer, by what the sound's encoder puts before the sound.
  const later = hasUnhiddenPriming(camera) ? ['-af', 'asetpts=PTS+1024'] : [];
  // A tone that rises all the time: no two packets are alike.
  const tone = [
    "aevalsrc='0.5*sin(2*PI*(200+40*t)*t)':s=48000",
    `atrim=start=${from}:end=${to}`,
    'asetpts=PTS-STARTPTS',
  ];
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', picture.join(',')],
    ...(sound === undefined ? [] : ['-f', 'lavfi', '-i', tone.join(',')]),
    ...['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', ...camera.video],
    ...(sound === undefined ? [] : [...sound, ...later]),
    ...[...(camera.mux ?? []), ...(oddity.mux ?? [])],
    ...['-f', camera.container ?? 'mp4', path],
  ]);
}

/** Then what an encoder puts before the sound to prepare the decoder is no different from the sound. */
function hasUnhiddenPriming(camera: Camera): boolean {
  return !isUncompressed(camera) && camera.mux?.some((argument) => argument.includes('empty_moov')) === true;
}

function isUncompressed({ audio = [] }: Camera): boolean {
  return audio.some((argument) => argument.startsWith('pcm_'));
}

function joined(sounds: readonly Int16Array[]): Int16Array {
  return Int16Array.from(sounds.flatMap((sound) => [...sound]));
}

/** What ffmpeg shows of a file; its first picture is shown at `startSeconds` of the recording. */
async function look(
  path: string,
  startSeconds: number,
  endSeconds: number,
): Promise<Pick<Recorded, 'frames' | 'videoPackets' | 'audioPackets'>> {
  const [frames, videoPackets, audioPackets] = await Promise.all([
    presentedFrames(path),
    hashedPackets(path, 'v:0'),
    hashedPackets(path, 'a:0'),
  ]);
  const shift = startSeconds - frames[0]!.seconds;
  const shifted = <T extends { readonly seconds: number }>(one: T): T => ({
    ...one,
    seconds: one.seconds + shift,
  });
  return {
    frames: frames.map(shifted),
    videoPackets: videoPackets.map(shifted),
    audioPackets: audioPackets.map((packet) => ({
      ...shifted(packet),
      isHeard: packet.seconds + shift >= startSeconds && packet.seconds + shift < endSeconds,
    })),
  };
}
