import type { JobRecord, TaskRecord } from '@clipmesh/contracts';
import { toExportError } from '@clipmesh/errors';
import { dutiesOf, publish, type JobEffect } from '@clipmesh/pipeline';
import { announce } from './duties/announce';
import { cleanUp, finishCleaning } from './duties/clean-up';
import { encodedSoFar } from './duties/encoded-so-far';
import { publishVideo } from './duties/publish-video';
import { reportDigest } from './duties/report-digest';
import { startTask } from './duties/start-task';
import { stopTasks } from './duties/stop-tasks';
import { foldTask } from './fold-task';
import type { Applied, JobService, StoredJob, Transition } from './job-service';
import type { Surroundings } from './surroundings';

/** Brings jobs on: saves what has happened, and makes real what follows from it. */
export class JobDriver {
  constructor(
    private readonly around: Surroundings,
    private readonly service: JobService,
  ) {}

  /** Saves a change and carries its effects out. */
  async apply(stored: StoredJob, transition: Transition): Promise<Applied> {
    const applied = await this.service.apply(stored, transition);
    if ('effects' in applied) {
      await this.carryOut(applied.stored, applied.effects);
    }
    return applied;
  }

  /**
   * As {@link apply}, for a caller who is answered for the change alone: when an effect fails, the reconciler
   * carries it out.
   */
  async applyForCaller(stored: StoredJob, transition: Transition): Promise<Applied> {
    const applied = await this.service.apply(stored, transition);
    if ('effects' in applied) {
      await this.beginForCaller(applied.stored, applied.effects);
    }
    return applied;
  }

  async beginForCaller(stored: StoredJob, effects: readonly JobEffect[]): Promise<void> {
    try {
      await this.carryOut(stored, effects);
    } catch (thrown) {
      const { name, state } = stored.value;
      this.around.logger.warn({ job: name, state, err: thrown }, 'a job waits for the reconciler');
    }
  }

  /** Takes in what a task has come to; when that is nothing new, sees that the job's state is made real. */
  async collect(stored: StoredJob, task: TaskRecord): Promise<void> {
    if (task.stage === 'encode' && task.state === 'done') {
      // One of many. The dispatcher follows the records, and looks at all of them when the last is done.
      return;
    }
    const transition = await this.meaningOf(stored.value, task);
    const applied = transition && (await this.service.apply(stored, transition));
    if (applied === undefined) {
      await this.advance(stored);
    } else if ('effects' in applied) {
      await this.carryOut(applied.stored, applied.effects);
    } else if ('stored' in applied) {
      await this.advance(applied.stored);
    }
  }

  /** Makes real what the job's state asks for; may be done any number of times, at any moment, by anybody. */
  async advance(stored: StoredJob): Promise<void> {
    await this.carryOut(stored, dutiesOf(stored.value));
  }

  private async carryOut(stored: StoredJob, effects: readonly JobEffect[]): Promise<void> {
    // Cleaning looks whether the tasks have stopped: it comes last, whatever becomes of the others.
    const first = effects.filter(({ type }) => type !== 'cleanUp');
    const results = await Promise.allSettled(first.map((effect) => this.perform(stored, effect)));
    if (effects.length > first.length) {
      results.push(...(await Promise.allSettled([this.perform(stored, { type: 'cleanUp' })])));
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      throw toExportError(failed.reason);
    }
  }

  private async perform(stored: StoredJob, effect: JobEffect): Promise<void> {
    const job = stored.value;
    switch (effect.type) {
      case 'announce':
        return announce(this.around, job, effect.state);
      case 'stopTasks':
        return stopTasks(this.around, job);
      case 'publishVideo':
        await publishVideo(this.around, job);
        return this.follow(stored, (current, now) => publish(current, this.around.settings, now));
      case 'startTask': {
        const found = await startTask(this.around, job, effect.stage);
        return this.follow(stored, found && (await this.meaningOf(job, found)));
      }
      case 'encodeParts':
        return this.follow(stored, await encodedSoFar(this.around, job));
      case 'cleanUp':
        return this.follow(stored, await cleanUp(this.around, job));
    }
  }

  private async follow(stored: StoredJob, transition: Transition | undefined): Promise<void> {
    if (transition !== undefined) {
      await this.apply(stored, transition);
    }
  }

  /** The change of the job that a task's record stands for; digest and cleaning are first told to others. */
  private async meaningOf(job: JobRecord, task: TaskRecord): Promise<Transition | undefined> {
    switch (task.stage) {
      case 'plan':
      case 'encode':
      case 'write':
        return (current, now) => foldTask(current, task, this.around.settings, now);
      case 'digest':
        return reportDigest(this.around, job, task);
      case 'clean':
        return finishCleaning(this.around, job, task);
    }
  }
}
