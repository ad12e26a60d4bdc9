/** How many requests a poll makes, from the tenant's own log. */
import type { Lab } from '../support/lab.ts';
import { onePoll } from '../support/probe.ts';
import type { Row } from '../support/report.ts';

const POLLS = 5;
const SINGLES = 20;
const MISSING = 5;

export async function requests(lab: Lab): Promise<Row[]> {
  const rows: Row[] = [];
  for (const watched of [30, 500]) {
    await lab.watch(lab.agentIds(watched));
    rows.push({ name: `requests a poll, ${watched} watched`, unit: '', value: await most(lab), baseline: null, goal: 1 });
  }
  const { tenant } = lab;
  tenant.faults.arm({ kind: 'hidden', agentId: lab.agentIds(MISSING) });
  const value = await most(lab);
  tenant.faults.clear('hidden');
  return [...rows, { name: `requests a poll, ${MISSING} watched missing`, unit: '', value, baseline: null, goal: 1 + SINGLES }];
}

/** The most that any of the next polls makes. The first fills in names, once a day, and is not counted. */
async function most(lab: Lab): Promise<number> {
  const { extension, tenant } = lab;
  await onePoll(extension);
  await lab.settle();
  let highest = 0;
  for (let poll = 0; poll < POLLS; poll++) {
    lab.someChange();
    const before = tenant.log.since(0).at(-1)?.seq ?? 0;
    await onePoll(extension);
    await lab.settle();
    highest = Math.max(highest, tenant.log.since(before).length);
  }
  return highest;
}
