/** What the armed faults make of a write to skills: refused, done late, done without an answer, or somebody else was quicker. */
import { type Fault, type FaultKind, type Faults, numberOf, textOf } from './faults.ts';
import { HttpError, sleep } from './http.ts';
import { Random } from './random.ts';
import type { Agent } from './simulation.ts';
import type { HeldSkill, SkillLedger, WriteDraft } from './skill-ledger.ts';

/** An error answer, with when to come again. */
export class StatusFault extends HttpError {
  readonly retryAfter: string | null;

  constructor(status: number, code: string, text: string, retryAfter: unknown = undefined) {
    super(status, code, text);
    this.retryAfter = retryAfter === undefined ? null : String(retryAfter);
  }
}

/** The answer does not come: the connection dies after `afterMs`, without a word or (`begun`) within the answer's first bytes. */
export class NoAnswer extends HttpError {
  readonly afterMs: number;
  readonly begun: boolean;

  constructor(afterMs: number, begun: boolean) {
    super(500, 'no_answer', 'the connection is cut');
    this.afterMs = afterMs;
    this.begun = begun;
  }
}

/** What is about to be written, by whom. `level`: null takes the skill away. */
export interface Attempt {
  path: string;
  agent: Agent;
  skillId: string;
  level: number | null;
  note(fault: string): void;
}

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'invalid_token',
  403: 'forbidden',
  404: 'not_found',
  422: 'unprocessable_entity',
  429: 'too_many_requests',
  503: 'service_unavailable',
};

/** A number made of a text, for the choice of a stream. */
function numberFrom(text: string): number {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  return hash;
}

/** A level other than both, of those that every profile has. */
function otherLevel(...taken: (number | null | undefined)[]): number {
  return [1, 2, 3, 4, 5].find((level) => !taken.includes(level)) ?? 1;
}

export class SkillFaults {
  readonly #faults: Faults;
  readonly #ledger: SkillLedger;
  /** How often each fault has struck at each agent's each skill, and how often that one was tried at all. */
  readonly #struck = new WeakMap<Fault, Map<string, number>>();
  readonly #tried = new Map<string, number>();

  constructor(faults: Faults, ledger: SkillLedger) {
    this.#faults = faults;
    this.#ledger = ledger;
  }

  /** Before anything is done: counts the attempt, and throws what is answered instead; then it is on record as refused. */
  before(attempt: Attempt, draft: WriteDraft): void {
    const key = keyOf(attempt);
    this.#tried.set(key, (this.#tried.get(key) ?? 0) + 1);
    try {
      this.#beforeAnything(attempt);
    } catch (error) {
      this.#ledger.refuse(draft, attempt.agent, attempt.skillId);
      throw error;
    }
  }

  #beforeAnything(attempt: Attempt): void {
    this.#status('before', attempt);
    const conflict = this.#strike('writeConflict', attempt);
    if (conflict) {
      this.#somebodyElse(conflict, attempt);
      throw new HttpError(409, 'conflict', textOf(conflict, 'text') ?? 'The user was changed by another request.');
    }
    this.#lost('before', attempt);
  }

  /** How much later a change takes effect, and whether its answer waits for that. */
  lateness(attempt: Attempt): { delayMs: number; answerMs: number } {
    const fault = this.#strike('applyLate', attempt);
    if (!fault) return { delayMs: 0, answerMs: 0 };
    const random = this.#random(fault, attempt, 1);
    const delayMs = Math.round(
      random.between(numberOf(fault, 'lowMs', 0), numberOf(fault, 'highMs', 20_000)) * numberOf(fault, 'scale', 1),
    );
    const answer = textOf(fault, 'answer') ?? 'before';
    const waits = answer === 'after' || (answer === 'either' && random.chance(0.5));
    return { delayMs, answerMs: waits ? delayMs : 0 };
  }

  /** After it was accepted: throws what is answered instead. */
  async after(attempt: Attempt, answerMs: number): Promise<void> {
    this.#status('after', attempt);
    this.#lost('after', attempt);
    if (answerMs > 0) await sleep(answerMs);
  }

  #status(when: 'before' | 'after', attempt: Attempt): void {
    const fault = this.#strike('writeStatus', attempt, ({ spec }) => (spec.when ?? 'before') === when);
    if (!fault) return;
    const status = numberOf(fault, 'status', 500);
    throw new StatusFault(
      status,
      CODES[status] ?? 'server_error',
      textOf(fault, 'text') ?? `Status ${status}.`,
      fault.spec.retryAfter,
    );
  }

  #lost(when: 'before' | 'after', attempt: Attempt): void {
    const fault = this.#strike('writeLost', attempt, ({ spec }) => (spec.when ?? 'after') === when);
    if (!fault) return;
    const as = textOf(fault, 'as');
    throw new NoAnswer(as === 'silence' ? numberOf(fault, 'ms', 60_000) : 0, as === 'cut');
  }

  #somebodyElse({ spec }: Fault, { agent, skillId, level }: Attempt): void {
    if (spec.theirs === undefined) return;
    const had = this.#ledger.held(agent, skillId);
    const theirs = typeof spec.theirs === 'number' ? spec.theirs : otherLevel(level, had?.level);
    const value: HeldSkill = { isActive: true, availableFrom: '', availableTo: '', ...had, level: theirs };
    this.#ledger.accept({ requestId: '', by: 'other', method: 'POST' }, agent, skillId, value);
  }

  /** The first fault of the kind that acts now, counted as used. */
  #strike(kind: FaultKind, attempt: Attempt, fits: (fault: Fault) => boolean = () => true): Fault | undefined {
    const key = keyOf(attempt);
    for (const fault of this.#faults.active(kind, attempt.path)) {
      if (!fits(fault)) continue;
      const struck = this.#struck.get(fault) ?? new Map<string, number>();
      this.#struck.set(fault, struck);
      const times = struck.get(key) ?? 0;
      if (times >= numberOf(fault, 'each', Number.POSITIVE_INFINITY)) continue;
      if (!this.#random(fault, attempt, 0).chance(numberOf(fault, 'share', 1))) continue;
      struck.set(key, times + 1);
      this.#faults.use(fault);
      attempt.note(kind);
      return fault;
    }
    return undefined;
  }

  #random(fault: Fault, attempt: Attempt, stream: number): Random {
    const key = keyOf(attempt);
    const when = `${fault.spec.kind}/${fault.spec.when}/${fault.spec.status}/${stream}`;
    return new Random(numberOf(fault, 'seed', 1), numberFrom(`${key}/${this.#tried.get(key) ?? 0}/${when}`));
  }
}

const keyOf = ({ agent, skillId }: Attempt) => `${agent.person.id}/${skillId}`;
