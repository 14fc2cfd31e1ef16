import * as fc from 'fast-check';
import { layOutMovie } from '@clipmesh/media';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive } from '../fixture/an-archive';
import { play } from '../fixture/play';
import { refusalOf } from '../fixture/refusal';
import { decodeMoviePlan, encodeMoviePlan } from './plan-codec';
import { toMovie } from './plan-to-movie';

function aPlan() {
  const archive = anArchive()
    .shaped({ hasBFrames: true })
    .withSegments(2)
    .withGapOf(3000)
    .withSegments(2)
    .build();
  return planOf(archive, [fromTo(1230, 12_500), fromTo(500, 700)]);
}

describe('the codec of plans', () => {
  it('gives back what it was given', () => {
    const plan = aPlan();
    const decoded = decodeMoviePlan(encodeMoviePlan(plan));
    const { objects, tracks, ...rest } = plan;
    expect(decoded).toMatchObject(rest);
    expect(decoded.objects.map(({ key, etag, leaves }) => [key, etag, leaves.length])).toEqual(
      objects.map(({ key, etag, leaves }) => [key, etag, leaves.length]),
    );
    expect(play(decoded, 'video')).toEqual(play(plan, 'video'));
    expect(play(decoded, 'audio')).toEqual(play(plan, 'audio'));
    expect(decoded.tracks.map(({ codec, presentation }) => [codec, presentation])).toEqual(
      tracks.map(({ codec, presentation }) => [codec, presentation]),
    );
  });

  it('writes what it has read byte for byte', () => {
    const bytes = encodeMoviePlan(aPlan());
    expect(Buffer.compare(encodeMoviePlan(decodeMoviePlan(bytes)), bytes)).toBe(0);
  });

  it('keeps the tables of an object that two ranges use once', () => {
    const { segments } = anArchive().withSegments(1).build();
    const once = encodeMoviePlan(planOf({ segments }, [fromTo(0, 1000)])).length;
    const twice = encodeMoviePlan(planOf({ segments }, [fromTo(0, 1000), fromTo(2000, 3000)])).length;
    expect(twice - once).toBeLessThan(once);
  });

  it('leaves a plan of a newer format unharmed', () => {
    const bytes = Buffer.from(encodeMoviePlan(aPlan()));
    bytes.writeUInt16BE(2, 4);
    expect(refusalOf(() => decodeMoviePlan(bytes))?.code).toBe('FormatUnsupported');
  });

  it('refuses damaged bytes by a code of ours, whatever the damage', () => {
    const good = encodeMoviePlan(aPlan());
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, cut) => {
        const bad = Uint8Array.from(good.subarray(0, cut % 4 === 0 ? cut : good.length));
        bad[at] = value;
        const refusal = refusalOf(() => decodeMoviePlan(bad));
        expect(['RecordCorrupt', 'FormatUnsupported', undefined]).toContain(refusal?.code);
      }),
      { numRuns: 200 },
    );
  });
});

describe('toMovie', () => {
  it('gives the same file for the same plan, before and after it was stored', () => {
    const plan = aPlan();
    const [before, after] = [plan, decodeMoviePlan(encodeMoviePlan(plan))].map((one) =>
      layOutMovie(toMovie(one)),
    );
    expect(after).toEqual(before);
  });

  it('dates the file by its first delivered sample and titles it only when asked', () => {
    const plan = aPlan();
    expect(toMovie(plan)).toMatchObject({ createdAt: fromTo(1230, 1231).startMs });
    expect('title' in toMovie(plan)).toBe(false);
    expect(toMovie(plan, { title: 'Gate' }).title).toBe('Gate');
  });
});
