/** What is run inside the worker: one poll from ring to badge, and `JSON.parse` of the same body beside it. */
import type { Extension } from '../../e2e/support/extension.ts';

/** The production code's User Timing marks: body text in hand; badge painted. */
export const ANSWER = 'poll:answer';
export const BADGE = 'poll:badge';
export const PARSE_FROM = 'bench:parse';
export const PARSE_TO = 'bench:parsed';
/** How often the body is parsed beside each poll. */
export const PARSES = 3;

interface Stamper {
  stamped?: true;
}

/** tsx names inner functions by a helper that is not there inside the browser. */
export async function prepare(extension: Extension): Promise<void> {
  await extension.startWorker();
  await (await extension.worker()).evaluate('globalThis.__name ??= (named) => named');
}

/**
 * Makes each mark a trace event as well: those carry the CPU time of the thread, which no script can read.
 * To be run at each boot of the worker.
 */
export async function stampMarks(extension: Extension): Promise<void> {
  await prepare(extension);
  await extension.inWorker(() => {
    const { performance } = globalThis;
    const stamper = performance as unknown as Stamper;
    if (stamper.stamped) return;
    stamper.stamped = true;
    const mark = performance.mark.bind(performance);
    performance.mark = (name, options) => {
      console.timeStamp(name);
      return mark(name, options);
    };
  }, null);
}

/** Rings the poll alarm and waits for the badge that follows the answer. @returns ms of wall time from answer to badge */
export async function onePoll(extension: Extension): Promise<number> {
  await prepare(extension);
  return extension.inWorker(
    ([answerName, badgeName]) =>
      new Promise<number>((resolve, reject) => {
        performance.clearMarks();
        const timer = setTimeout(() => reject(new Error('no badge after 20 s')), 20_000);
        const observer = new PerformanceObserver(() => {
          const [answer] = performance.getEntriesByName(answerName);
          if (!answer) return;
          const badge = performance.getEntriesByName(badgeName).find(({ startTime }) => startTime > answer.startTime);
          if (!badge) return;
          observer.disconnect();
          clearTimeout(timer);
          resolve(badge.startTime - answer.startTime);
        });
        observer.observe({ type: 'mark' });
        const { onAlarm } = chrome.alarms as unknown as { onAlarm: { dispatch(alarm: object): void; hasListeners(): boolean } };
        // A worker that has just started may not have run its script yet.
        const ring = () => {
          if (onAlarm.hasListeners()) onAlarm.dispatch({ name: 'poll', scheduledTime: Date.now() });
          else setTimeout(ring, 1);
        };
        ring();
      }),
    [ANSWER, BADGE] as const,
  );
}

/** Fetches the list in the worker as a poll would and parses it. @returns ms of wall time, parse by parse */
export async function parseInWorker(extension: Extension, url: string, accessToken: string): Promise<number[]> {
  return extension.inWorker(
    async ([address, token, from, to, times]) => {
      const response = await fetch(address, { headers: { authorization: `Bearer ${token}` }, cache: 'no-store' });
      const text = await response.text();
      const took: number[] = [];
      for (let time = 0; time < times; time++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        console.timeStamp(from);
        const started = performance.now();
        const rows = JSON.parse(text) as unknown[];
        took.push(performance.now() - started);
        console.timeStamp(to);
        if (rows.length === 0) throw new Error('an empty list');
      }
      return took;
    },
    [url, accessToken, PARSE_FROM, PARSE_TO, PARSES] as const,
  );
}
