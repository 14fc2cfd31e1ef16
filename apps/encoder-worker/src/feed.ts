import { decodeMoviePlan, feedStart, placeParts, type MoviePlan, type PlacedPart } from '@clipmesh/archive';
import type { EncodeJob, FeedFile } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

/** A plan that is fed to encoders, and where its windows lie in the movie: all but those that are copied. */
export interface Feed {
  readonly plan: MoviePlan;
  readonly parts: readonly PlacedPart[];
}

/** Reads feeds, and keeps the last one: a worker often takes parts of one movie one after another. */
export class FeedReader {
  private last: { readonly etag: string; readonly plan: Promise<MoviePlan> } | undefined;

  constructor(private readonly store: ObjectStore) {}

  async read({ files, clock }: EncodeJob, number: number, options: Abortable): Promise<Feed> {
    const file = files[number];
    if (file === undefined) {
      throw new ExportError('InternalError', { message: `there is no feed ${number} of ${files.length}` });
    }
    const plan = await this.plan(file, options);
    const start = feedStart(
      clock,
      files.slice(0, number).map(({ feed }) => feed),
    );
    const parts = placeParts(plan, clock, start).filter(({ window }) => window.isCopied !== true);
    return { plan, parts };
  }

  private async plan({ plan: ref }: FeedFile, options: Abortable): Promise<MoviePlan> {
    if (this.last?.etag === ref.etag) {
      return this.last.plan;
    }
    const bytes = await this.store.readAll(ref, { ifMatch: ref.etag, ...options });
    const plan = Promise.resolve(decodeMoviePlan(bytes));
    this.last = { etag: ref.etag, plan };
    return plan;
  }
}
