/** What the control API has for histories: pasts made up on demand, the true list to compare with, and which way the pages of v2 go. */
import type { ControlExtras } from './control.ts';
import type { Histories, PastSpec } from './histories.ts';
import { HttpError } from './http.ts';
import { IRREGULARITIES, isIrregularity } from './past.ts';
import type { HistoryPaging } from './reporting-v2.ts';
import type { Simulation } from './simulation.ts';

/** What of a tenant's histories can be changed while it runs. */
export interface HistorySettings {
  paging: HistoryPaging;
}

function specFrom({ agent, records, seed, hours, irregularities = [] }: Record<string, unknown>): PastSpec {
  const bad = (text: string) => new HttpError(400, 'bad_history', text);
  const optional = (value: unknown, name: string) => {
    if (value !== undefined && !(typeof value === 'number' && value > 0)) throw bad(`${name} must be a positive number`);
    return value === undefined ? {} : { [name]: value };
  };
  if (typeof agent !== 'string') throw bad('agent must be an id, a name, or * for everybody');
  if (!(typeof records === 'number' && Number.isInteger(records) && records > 0)) throw bad('records must be a whole number');
  if (!Array.isArray(irregularities) || !irregularities.every(isIrregularity)) {
    throw bad(`irregularities is a list of ${Object.keys(IRREGULARITIES).join(', ')}`);
  }
  return { agent, records, ...optional(seed, 'seed'), ...optional(hours, 'hours'), irregularities };
}

/** The calls about histories, for both profiles. */
export function historyControl(sim: Simulation, histories: Histories, settings: HistorySettings): ControlExtras {
  const kinds = Object.entries(IRREGULARITIES).map(([name, text]) => `${name} (${text})`);
  return {
    help: {
      'POST /control/history': `{agent, records, seed?, hours?, irregularities?} makes up a past; {paging: numbers | token} sets how v2 pages; irregularities: ${kinds.join(', ')}`,
      'GET /control/history?agent=ID': 'every state of an agent, oldest first, as it really was',
    },
    routes: {
      'POST history': (_query, { paging, ...spec }) => {
        if (paging !== undefined && paging !== 'numbers' && paging !== 'token') {
          throw new HttpError(400, 'bad_history', 'paging must be numbers or token');
        }
        settings.paging = paging ?? settings.paging;
        const planted = Object.keys(spec).length === 0 ? [] : histories.plant(specFrom(spec));
        return { paging: settings.paging, planted };
      },
      'GET history': (query) => {
        const agent = sim.find(query.get('agent') ?? '');
        if (!agent) throw new HttpError(404, 'not_found', 'no such agent');
        return histories.of(agent);
      },
    },
  };
}
