/** What a campaign tells: traces of what failed, progress, coverage, and one JSON line at the end. */
import type { LogEntry } from '../tenant/request-log.ts';

/** Every campaign ends in these; all must be 0. */
const VERDICTS = ['lost', 'missed', 'doubled', 'invented', 'stuck'] as const;

/** One iteration as it went, with times, to be shown only when it failed. */
export class Trace {
  private readonly started = performance.now();
  private readonly lines: string[] = [];

  note(what: string): void {
    this.lines.push(`${String(Math.round(performance.now() - this.started)).padStart(6)} ms  ${what}`);
  }

  requests(entries: readonly LogEntry[]): void {
    for (const { at, method, path, query, grantType, status, ms, faults } of entries) {
      const words = [grantType, query.prompt && `prompt=${query.prompt}`, faults?.join('+')].filter(Boolean).join(' ');
      this.lines.push(`   request  ${at.slice(11, 23)} ${method} ${path} ${words} → ${status || 'died'} (${ms} ms)`);
    }
  }

  print(title: string): void {
    console.log(`\n✗ ${title}\n${this.lines.map((line) => `  ${line}`).join('\n')}\n`);
  }
}

const TRACES_SHOWN = 20;
const HOPELESS = 5;

export class Report {
  readonly counts: Record<string, number> = {};
  private readonly reached = new Map<string, number>();
  private readonly zeroes: string[] = [...VERDICTS, 'harness'];
  private readonly few: { name: string; of: string; share: number }[] = [];
  private readonly started = performance.now();
  private shown = 0;
  private saidAt = 0;
  private harnessInARow = 0;

  constructor(
    readonly campaign: string,
    readonly seed: number,
    private readonly wanted: number,
    ...alsoCounted: string[]
  ) {
    for (const name of ['kills', ...VERDICTS, ...alsoCounted, 'harness']) this.counts[name] = 0;
  }

  count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  of(name: string): number {
    return this.counts[name] ?? 0;
  }

  /** Also to be 0 at the end. */
  mustBeZero(...names: string[]): void {
    this.zeroes.push(...names);
  }

  /** To be at most such a share of another count. */
  mustBeFew(name: string, of: string, share: number): void {
    this.few.push({ name, of, share });
  }

  /** Steps that have to be reached, so that one that never is shows up as 0. */
  expectSteps(names: readonly string[]): void {
    for (const name of names) this.reached.set(name, this.reached.get(name) ?? 0);
  }

  /** The campaign itself keeps failing: there is no use in going on. */
  get hopeless(): boolean {
    return this.harnessInARow >= HOPELESS;
  }

  killedAt(step: string | null): void {
    this.harnessInARow = 0;
    this.count('kills');
    const name = step ?? 'at random';
    this.reached.set(name, (this.reached.get(name) ?? 0) + 1);
  }

  /** Something is wrong: counted, and shown with its trace (the first few of them). */
  fail(verdict: string, why: string, title: string, trace: Trace, by = 1): void {
    this.count(verdict, by);
    if (verdict === 'harness') this.harnessInARow++;
    if (++this.shown <= TRACES_SHOWN) trace.print(`${verdict}: ${why} (${title}, seed ${this.seed})`);
  }

  progress(always = false): void {
    const seconds = (performance.now() - this.started) / 1000;
    if (!always && seconds - this.saidAt < 5) return;
    this.saidAt = seconds;
    const numbers = Object.entries(this.counts).filter(([name, value]) => name !== 'kills' && value > 0);
    const words = numbers.map(([name, value]) => `${name} ${value}`).join(', ');
    console.log(`${this.of('kills')}/${this.wanted} kills, ${seconds.toFixed(0)} s${words ? `: ${words}` : ''}`);
  }

  /** @returns whether all is as it must be */
  end(): boolean {
    this.progress(true);
    console.log('\nkills by step');
    for (const [name, times] of this.reached) console.log(`  ${name.padEnd(20)} ${times}`);
    const seconds = Math.round((performance.now() - this.started) / 100) / 10;
    const none = this.zeroes.every((name) => this.of(name) === 0);
    const few = this.few.every(({ name, of, share }) => this.of(name) <= this.of(of) * share);
    const good = none && few && this.of('kills') >= this.wanted;
    console.log(JSON.stringify({ campaign: this.campaign, ...this.counts, seed: this.seed, seconds }));
    return good;
  }
}
