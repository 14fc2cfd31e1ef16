import type { LaidOutClip } from './laid-out-clip';

/** Laid-out clips, the latest used longest, up to a weight. */
export class ClipCache {
  private readonly clips = new Map<string, LaidOutClip>();
  private weight = 0;

  constructor(private readonly limitBytes: number) {}

  get(key: string): LaidOutClip | undefined {
    const clip = this.clips.get(key);
    if (clip !== undefined) {
      // Last in the map is last to go.
      this.clips.delete(key);
      this.clips.set(key, clip);
    }
    return clip;
  }

  put(key: string, clip: LaidOutClip): void {
    this.drop(key);
    if (clip.weightBytes > this.limitBytes) {
      return;
    }
    this.clips.set(key, clip);
    this.weight += clip.weightBytes;
    for (const oldest of this.clips.keys()) {
      if (this.weight <= this.limitBytes) {
        return;
      }
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.weight -= this.clips.get(key)?.weightBytes ?? 0;
    this.clips.delete(key);
  }
}
