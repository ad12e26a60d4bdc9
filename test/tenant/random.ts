/** A seeded random source: the same seed gives the same people, shifts and calls on every machine. */

/** Mixes two 32-bit numbers into one, so that neighbouring seeds give unrelated streams (splitmix32 finaliser). */
function mix(a: number, b: number): number {
  let h = (a ^ Math.imul(b + 1, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One stream of random numbers (mulberry32). Not for secrets. */
export class Random {
  #state: number;

  /** `stream` separates the streams of one seed, for instance one per agent. */
  constructor(seed: number, stream = 0) {
    this.#state = mix(seed >>> 0, stream);
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** An exponentially distributed number with the given mean, kept within a tenth and four times of it. */
  around(mean: number): number {
    return mean * Math.min(4, Math.max(0.1, -Math.log(1 - this.next())));
  }

  /** One member of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const item = list[this.int(list.length)];
    if (item === undefined) throw new RangeError('pick() from an empty list');
    return item;
  }

  /** A version-4 shaped UUID. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.int(16).toString(16));
    hex[12] = '4';
    hex[16] = (8 + this.int(4)).toString(16);
    const s = hex.join('');
    return `${s.slice(0, 8)}-${s.slice(8, 12)}-${s.slice(12, 16)}-${s.slice(16, 20)}-${s.slice(20)}`;
  }
}
