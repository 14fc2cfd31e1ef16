import { randomBytes } from 'node:crypto';

/** What a copy of a service can do; other copies may be able to do other things. */
export interface Abilities {
  /** Tasks at the same time. */
  readonly slots?: number;
  /** Encoders that its ffmpeg has, by ffmpeg's names. */
  readonly encoders?: readonly string[];
}

/** Who this process is among all of the mesh; inject it by its class. */
export class ServiceInstance {
  private constructor(
    /** The app, such as `encoder-worker`; copies share it. */
    readonly service: string,
    /** This copy, for as long as it lives; letters, digits, `_` and `-`. */
    readonly id: string,
    readonly abilities: Abilities,
  ) {}

  /** A new copy of an app. */
  static of(service: string, abilities: Abilities = {}): ServiceInstance {
    return new ServiceInstance(service, `${service}-${randomBytes(4).toString('hex')}`, abilities);
  }

  /** As `nats micro info` shows it: names and values are plain text there. */
  get metadata(): Readonly<Record<string, string>> {
    const { slots, encoders } = this.abilities;
    return {
      instance: this.id,
      ...(slots !== undefined && { slots: String(slots) }),
      ...(encoders !== undefined && { encoders: encoders.join(' ') }),
    };
  }
}
