/** Tells a run without an end from slow ones: by the turn, which no two runs of any target share. */
export class Watchdog {
  private last: number | undefined;

  /** To be asked once in the longest time that a run may take. Turn 0 is before the first run. */
  hangs(turn: number): boolean {
    const isSame = turn > 0 && turn === this.last;
    this.last = turn;
    return isSame;
  }
}
