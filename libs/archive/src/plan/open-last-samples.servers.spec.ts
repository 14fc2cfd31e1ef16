import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  frameHashes,
  mediaTool,
  presentedFrames,
  probePackets,
  withTemporaryFolder,
} from '@clipmesh/testkit';
import { archiveOf, footageRange, writeFootage } from '../../test/footage-archive';
import { planOf } from '../fixture/a-plan';

/** Recorders that learn how long a frame lasts from the next one: real footage, whose last durations are made 0. */

const folder = withTemporaryFolder();
const SECONDS = 2;
/** Of 25 frames a second those that stay: no two follow each other at the same distance for long. */
const KEPT = 'lt(mod(n*7,13),8)';

async function recorded(name: string, layout: 'progressive' | 'fragmented'): Promise<string> {
  const path = join(folder, `${name}.mp4`);
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=25:duration=${SECONDS}`],
    ...['-vf', `select='${KEPT}',drawbox=t=fill:color=${name}:w=40:h=40`, '-fps_mode', 'passthrough'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '9', '-pix_fmt', 'yuv420p'],
    ...(layout === 'fragmented' ? ['-movflags', '+frag_every_frame+empty_moov+default_base_moof'] : []),
    path,
  ]);
  return path;
}

/** In a progressive file the last entry of stts stands for the last sample alone, when that lasts otherwise than the others. */
async function withOpenEnd(path: string, layout: 'progressive' | 'fragmented'): Promise<string> {
  const bytes = await readFile(path);
  if (layout === 'progressive') {
    const stts = bytes.indexOf('stts');
    const entries = bytes.readUInt32BE(stts + 8);
    const last = stts + 12 + 8 * (entries - 1);
    expect(bytes.readUInt32BE(last)).toBe(1);
    bytes.writeUInt32BE(0, last + 4);
  } else {
    // default_sample_duration (§8.8.7) of the last fragment, which is one frame.
    const tfhd = bytes.lastIndexOf('tfhd');
    expect(bytes.readUInt32BE(tfhd + 4) & 0x8).toBe(0x8);
    bytes.writeUInt32BE(0, tfhd + 12);
  }
  const open = path.replace('.mp4', '-open.mp4');
  await writeFile(open, bytes);
  return open;
}

describe.each(['progressive', 'fragmented'] as const)(
  '%s segments of a variable rate whose last frame is open',
  (layout) => {
    it('are joined with that frame as long as the one before it, and none is lost', async () => {
      const paths = [await recorded('red', layout), await recorded('blue', layout)];
      const open = [await withOpenEnd(paths[0]!, layout), await withOpenEnd(paths[1]!, layout)];
      const archive = await archiveOf(open);
      const plan = planOf(archive, [footageRange(0, 2 * 1000 * SECONDS + 500)]);
      const path = await writeFootage(join(folder, `${layout}.mp4`), plan, archive);

      const frames = await Promise.all(paths.map((one) => presentedFrames(one)));
      const shown = await presentedFrames(path);
      expect(shown.map(({ hash }) => hash)).toEqual(frames.flat().map(({ hash }) => hash));
      // Where each lies in its own segment, and the second segment behind the first's last frame.
      const own = frames.map((ones) => ones.map(({ seconds }) => seconds - ones[0]!.seconds));
      const [before, last] = own[0]!.slice(-2) as [number, number];
      const wanted = [...own[0]!, ...own[1]!.map((seconds) => seconds + last + (last - before))];
      shown.forEach(({ seconds }, i) => {
        expect(Math.abs(seconds - wanted[i]!)).toBeLessThan(0.0011);
      });
      const packets = await probePackets(path);
      expect(packets.every(({ duration }) => duration > 0)).toBe(true);
      expect(await frameHashes(path, { ignoreEditList: true })).toHaveLength(shown.length);
    });
  },
);
