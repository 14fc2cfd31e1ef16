import type { ErrorCode, Problem } from '@clipmesh/errors';

/** An answer must fit in a message however broken its question is. */
const MOST = 100;

/** Gathers everything that is wrong with a request, so that it can be put right in one go. */
export class ProblemList {
  private readonly found: Problem[] = [];
  private unlisted = 0;

  constructor(private readonly code: ErrorCode) {}

  add(target: string, message: string, code: ErrorCode = this.code): void {
    if (this.found.length < MOST) {
      this.found.push({ code, message, target });
    } else {
      this.unlisted += 1;
    }
  }

  all(): readonly Problem[] {
    const rest = { code: this.code, message: `${this.unlisted} more problems`, target: '' };
    return this.unlisted === 0 ? this.found : [...this.found, rest];
  }
}
