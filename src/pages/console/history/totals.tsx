import type { Category } from '../../../domain/agent-state.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { categoryLabel } from '../../parts/category.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { formatSpent } from '../parts/spent.ts';
import { inSight } from './counts.ts';
import { lastMs } from './state.ts';
import { type Part, sumOf } from './sums.ts';
import { counted, isPart } from './view.ts';
import { formatEnds, formatMoment, lasted, what } from './words.ts';

/** From at work to away, as in the mix bar. */
const ORDER: readonly Category[] = ['available', 'working', 'acw', 'unavailable', 'loggedIn', 'loggedOut', 'unknown'];
/** So many reasons are read at a glance; a line that says "one more" takes as much room as that one. */
const REASONS = 3;
const REASONS_AT_MOST = REASONS + 1;

function percent(part: number, whole: number): string {
  const hundredths = Math.round((part / whole) * 100);
  return hundredths === 0 ? t('history_percentLess') : t('history_percent', hundredths);
}

function Tile({ part, rangeMs }: { part: Part; rangeMs: number }) {
  const said = part.reasons.length <= REASONS_AT_MOST ? part.reasons : part.reasons.slice(0, REASONS);
  return (
    <li class="total">
      <span class="total-name">
        <StateMark category={part.category} />
        {categoryLabel(part.category)}
      </span>
      <b>{formatSpent(part.ms)}</b>
      <span class="total-more mut sm">
        <span>{percent(part.ms, rangeMs)}</span>
        {part.longestMs > 0 && <span>{t('history_longest', formatSpent(part.longestMs))}</span>}
        {said.map(({ name, ms }) => (
          <span key={name}>{t('history_reason', name, formatSpent(ms))}</span>
        ))}
        {said.length < part.reasons.length && <span>{t('history_reasonsMore', part.reasons.length - said.length)}</span>}
      </span>
    </li>
  );
}

function Fact({ label, children }: { label: MessageKey; children: string }) {
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What a supervisor asks first about one agent. What nobody knows is not said to be zero. */
function Facts() {
  const [one] = inSight.value;
  if (!one) return null;
  const { firstLogInMs, lastLogOutMs, loggedInSince, occupancy, transitions, longest } = one.totals;
  const at = (ms: number) => formatMoment(ms, lastMs.value);
  const none = t('history_notSeen');
  return (
    <dl class="facts">
      {!(loggedInSince?.known && loggedInSince.atMs === firstLogInMs) && (
        <Fact label="history_firstLogIn">{firstLogInMs === null ? none : at(firstLogInMs)}</Fact>
      )}
      {loggedInSince ? (
        <Fact label="history_loggedInSince">
          {loggedInSince.known ? at(loggedInSince.atMs) : t('history_before', at(loggedInSince.atMs))}
        </Fact>
      ) : (
        <Fact label="history_lastLogOut">{lastLogOutMs === null ? none : at(lastLogOutMs)}</Fact>
      )}
      <Fact label="history_changes">{String(transitions)}</Fact>
      {longest && <Fact label="history_longestStretch">{`${what(longest)} · ${lasted(longest)}`}</Fact>}
      {occupancy !== null && <Fact label="history_occupancy">{t('history_percent', Math.round(occupancy * 100))}</Fact>}
    </dl>
  );
}

/** How the time was spent: of the whole range, or of the part that is in sight. */
export function TotalsCard() {
  const all = inSight.value;
  const { rangeMs, parts } = sumOf(all.map(({ totals }) => totals));
  const shown = ORDER.flatMap((category) => parts.find((part) => part.category === category) ?? []);
  if (rangeMs === 0) return null;
  return (
    <section class="card totals" aria-labelledby="totals">
      <div class="card-head">
        <h3 id="totals">{t(all.length > 1 ? 'history_totalsOf' : 'history_totals', all.length)}</h3>
        {isPart.value && <p class="sm mut">{t('history_inSight', ...formatEnds(counted.value, lastMs.value, formatMoment))}</p>}
      </div>
      <div class="mix" aria-hidden="true">
        {shown.map(({ category, ms }) => (
          <span key={category} class={category} style={{ flexGrow: ms }} />
        ))}
      </div>
      <ul class="plain total-tiles">
        {shown.map((part) => (
          <Tile key={part.category} part={part} rangeMs={rangeMs} />
        ))}
      </ul>
      {all.length === 1 && <Facts />}
    </section>
  );
}
