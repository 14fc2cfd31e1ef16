import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FootageOptions, makeFootage } from './footage';
import { frameHashes } from './frame-hashes';
import { probeFile, probePackets } from './probe';
import { withTemporaryFolder } from './temporary-folder';

const folder = withTemporaryFolder();
let made = 0;

async function footage(options: Omit<FootageOptions, 'path'>): Promise<string> {
  made += 1;
  return makeFootage({ path: join(folder, `${made}.mp4`), ...options });
}

describe('makeFootage', () => {
  it('has as many frames as asked, no two alike', async () => {
    const frames = await frameHashes(await footage({ seconds: 2, fps: 10 }));
    expect(frames).toHaveLength(20);
    expect(new Set(frames.map(({ hash }) => hash)).size).toBe(20);
  });

  it.each(['h264', 'h265'] as const)('has a sync sample per GOP and B-frames between (%s)', async (codec) => {
    const path = await footage({ seconds: 2, fps: 10, gopSeconds: 0.5, bFrames: 2, codec });
    const packets = await probePackets(path);
    const syncs = packets.flatMap(({ flags }, i) => (flags.includes('K') ? [i] : []));
    expect(syncs).toEqual([0, 5, 10, 15]);
    expect(packets.some(({ pts }, i) => i > 0 && pts < packets[i - 1]!.pts)).toBe(true);
  });

  it('has sound when asked', async () => {
    const { streams } = await probeFile(await footage({ seconds: 1, audio: true }));
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
  });

  it('has the bit rate that was asked for', async () => {
    const path = await footage({ seconds: 4, videoKbps: 1_000 });
    const kbps = (readFileSync(path).length * 8) / 4_000;
    expect(kbps).toBeGreaterThan(800);
    expect(kbps).toBeLessThan(1_200);
  });

  it('is the same file when it is made again', async () => {
    const [a, b] = [await footage({ seconds: 1, audio: true }), await footage({ seconds: 1, audio: true })];
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
  });

  it('is fragmented when asked', async () => {
    const whole = readFileSync(await footage({ seconds: 2 })).toString('latin1');
    const fragmented = readFileSync(await footage({ seconds: 2, layout: 'fragmented' })).toString('latin1');
    const fragments = (file: string) => file.split('moof').length - 1;
    expect([fragments(whole), fragments(fragmented)]).toEqual([0, 2]);
  });
});

describe('frameHashes', () => {
  it('rejects what cannot be decoded without error', async () => {
    const path = await footage({ seconds: 1 });
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 2_000, 3_000);
    writeFileSync(path, bytes);
    await expect(frameHashes(path)).rejects.toThrow('ffmpeg');
  });
});
