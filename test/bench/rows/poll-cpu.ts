/** CPU of a full poll of ten thousand agents, response to badge, against `JSON.parse` of the same body in the same worker. */
import type { Lab } from '../support/lab.ts';
import { ANSWER, BADGE, onePoll, PARSE_FROM, PARSE_TO, parseInWorker, stampMarks } from '../support/probe.ts';
import type { Row } from '../support/report.ts';
import { median, spread } from '../support/stats.ts';
import { type Span, spans, traced } from '../support/trace.ts';

const POLLS = 20;
const WARM_UP = 5;
const GOAL = 1.6;
/** So many are watched as a rule; the goal is for them. */
const USUAL = 30;

interface Measured {
  pollWall: number[];
  parseWall: number[];
  polls: Span[];
  parses: Span[];
}

export async function pollCpu(lab: Lab, watched: number): Promise<Row[]> {
  await lab.watch(lab.agentIds(watched));
  const warm = await measure(lab, false);
  const rows = [...rowsOf(`poll CPU, 10,000 agents, ${watched} watched`, warm, watched > USUAL ? null : GOAL)];
  if (watched > USUAL) return rows;
  return [...rows, ...rowsOf('poll CPU, cold worker', await measure(lab, true), null)];
}

async function measure(lab: Lab, cold: boolean): Promise<Measured> {
  const { extension } = lab;
  const token = await lab.accessToken();
  const pollWall: number[] = [];
  const parseWall: number[] = [];
  if (!cold) await extension.startWorker();
  const turn = async () => {
    lab.someChange();
    if (cold) await extension.stopWorker();
    await extension.startWorker();
    await stampMarks(extension);
    pollWall.push(await onePoll(extension));
    await lab.settle();
    parseWall.push(...(await parseInWorker(extension, lab.statesUrl, token)));
  };
  for (let index = 0; index < (cold ? 1 : WARM_UP); index++) await turn();
  pollWall.length = 0;
  parseWall.length = 0;
  const stamps = await traced(lab.browser, async () => {
    for (let index = 0; index < POLLS; index++) await turn();
  });
  return { pollWall, parseWall, polls: spans(stamps, ANSWER, BADGE), parses: spans(stamps, PARSE_FROM, PARSE_TO) };
}

function rowsOf(name: string, { pollWall, parseWall, polls, parses }: Measured, goal: number | null): Row[] {
  const row = (poll: readonly number[], parse: readonly number[]) => ({
    unit: 'ms' as const,
    value: median(poll),
    baseline: median(parse),
    note: `${spread(poll)} over ${spread(parse)}`,
  });
  const cpu = (of: readonly Span[]) => of.map(({ cpuMs }) => cpuMs);
  // Of the garbage of `JSON.parse` the baseline is rid before it is collected; a poll goes on and is made to pay.
  const net = (of: readonly Span[]) => of.map(({ cpuMs, collectingMs }) => cpuMs - collectingMs);
  return [
    { name, ...row(cpu(polls), cpu(parses)), goal },
    { name: `${name} (without GC)`, ...row(net(polls), net(parses)), goal: null },
    { name: `${name} (wall)`, ...row(pollWall, parseWall), goal: null },
  ];
}
