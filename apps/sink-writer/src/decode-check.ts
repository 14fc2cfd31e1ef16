import { planOfFirstGop, planOfLastGop, toMovie, type MoviePlan } from '@clipmesh/archive';
import { checkDecodes } from '@clipmesh/ffmpeg';
import { layOutMovie } from '@clipmesh/media';
import { sourceObjects, streamSpans, type Abortable, type ObjectStore } from '@clipmesh/object-store';

/** Decodes the first and the last GOP of encoded media: an encoder that died half-way cannot pass for a whole one. */
export async function checkBothEnds(store: ObjectStore, plan: MoviePlan, options: Abortable): Promise<void> {
  for (const end of [planOfFirstGop(plan), planOfLastGop(plan)]) {
    const { spans } = layOutMovie(toMovie(end));
    const objects = sourceObjects(end.objects);
    await checkDecodes(streamSpans(store, spans, objects, options), options);
  }
}
