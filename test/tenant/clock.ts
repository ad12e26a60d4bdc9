/**
 * The tenant's clock. Two times are kept apart:
 * - server time: what `Date`, `startDate` and the truth list say; runs on at `speed` even while the agents are frozen;
 * - agent time: what shifts and calls run on; stands still while frozen.
 * All values are milliseconds; `startedAt` is the server time at the start, when agent time was the same.
 */
export class Clock {
  readonly startedAt: number;
  /** Added to everything a client is shown (`Date`, `startDate`), in seconds: a server whose clock is wrong. */
  skewSeconds = 0;
  /** The same, from the fault `clockSkew`. */
  faultSkewSeconds = 0;
  #real: () => number;
  #anchorReal: number;
  #anchorServer: number;
  #speed: number;
  /** Server time minus agent time. */
  #lag = 0;
  #frozenAt: number | undefined;

  constructor(options: { speed?: number; frozen?: boolean; real?: () => number } = {}) {
    this.#real = options.real ?? Date.now;
    this.#anchorReal = this.#real();
    this.#anchorServer = this.#anchorReal;
    this.startedAt = this.#anchorServer;
    this.#speed = options.speed ?? 1;
    if (options.frozen) this.#frozenAt = this.startedAt;
  }

  get speed(): number {
    return this.#speed;
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  /** Server time, unskewed. */
  now(): number {
    return Math.floor(this.#anchorServer + (this.#real() - this.#anchorReal) * this.#speed);
  }

  /** Server time as clients see it. */
  shown(): number {
    return this.now() + this.skew;
  }

  /** How far what clients are shown is off, ms. */
  get skew(): number {
    return (this.skewSeconds + this.faultSkewSeconds) * 1000;
  }

  /** Agent time. */
  agentNow(): number {
    return (this.#frozenAt ?? this.now()) - this.#lag;
  }

  /** The server time that belongs to an agent time of the present stretch (no freeze in between). */
  toServer(agentTime: number): number {
    return agentTime + this.#lag;
  }

  /** Changes the speed from now on. */
  setSpeed(speed: number): void {
    const now = this.now();
    this.#anchorReal = this.#real();
    this.#anchorServer = now;
    this.#speed = speed;
  }

  /** Stops or starts agent time. Whoever calls this has first brought the agents up to date. */
  setFrozen(frozen: boolean): void {
    const now = this.now();
    if (frozen) {
      this.#frozenAt ??= now;
    } else if (this.#frozenAt !== undefined) {
      this.#lag += now - this.#frozenAt;
      this.#frozenAt = undefined;
    }
  }

  /** Moves both times forward; works while frozen, where it is the only way agents move. */
  advance(seconds: number): void {
    if (this.#frozenAt !== undefined) {
      // What happens in this step happens after everything clients have been shown so far, never before.
      const now = this.now();
      this.#lag += now - this.#frozenAt;
      this.#frozenAt = now + seconds * 1000;
    }
    this.#anchorServer += seconds * 1000;
  }
}
