import { Component } from 'preact';
import type { Flag } from '../../domain/emptiness.ts';
import { formatClock } from '../../domain/time.ts';
import type { GlanceRow } from '../../messages/published.ts';
import { t } from '../../messages/words.ts';
import { setSnoozed, setWatched } from '../parts/actions.ts';
import { unanswered } from '../parts/attention.ts';
import { categoryLabel, stateName, stateText } from '../parts/category.ts';
import { now } from '../parts/clock.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { causeName, reasonText } from '../parts/flag-words.ts';
import { BellOffIcon } from '../parts/icons.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { openConsole } from '../parts/tabs.ts';
import { formatWhen } from '../parts/when.ts';
import { agentWhy } from '../parts/why.ts';
import { Today } from './today.tsx';
import { opened } from './view.ts';

interface Props {
  row: GlanceRow;
  attention: boolean;
  open: boolean;
}

/** Beneath the name: what the agent does, or that CXone no longer says. */
function what({ row }: Props): string {
  const flag = unanswered(row);
  if (!flag) return stateText(row);
  return row.cause ? causeName(row.cause) : noAnswer(flag);
}

function noAnswer(flag: Flag): string {
  return flag.kind === 'neverSeen' ? t('row_noAnswerYet') : t('row_noAnswer', formatWhen(flag.missingSinceMs, now.peek()));
}

/** Beneath the time: since when, which limit, or the last that was known. */
function since({ row, attention }: Props): string {
  if (unanswered(row)) return row.category === 'unknown' ? '' : t('row_last', stateName(row));
  if (attention) return t('row_limit', row.limitMinutes);
  if (row.sinceMs <= 0) return '';
  const when = formatWhen(row.sinceMs, now.peek());
  return row.sinceKnown ? t('row_since', when) : t('row_sinceBefore', when);
}

function Time({ row }: { row: GlanceRow }) {
  if (unanswered(row) || row.category === 'unknown' || row.category === 'loggedOut' || row.sinceMs <= 0) return <>—</>;
  return <Elapsed sinceMs={row.sinceMs} known={row.sinceKnown} />;
}

function lastKnown(row: GlanceRow): string {
  if (row.category === 'unknown' || row.sinceMs <= 0) return t('row_lastNever');
  return t('row_lastKnown', stateText(row), formatWhen(row.sinceMs, now.peek()));
}

function More({ row, id }: { row: GlanceRow; id: string }) {
  const snoozed = row.snoozedUntilMs > now.value;
  const riddle = unanswered(row);
  return (
    <div class="more" id={id}>
      {row.flag && <p>{reasonText(row, row.flag)}</p>}
      {riddle && row.cause && <p class="mut">{noAnswer(riddle)}</p>}
      <p class="mut">{row.flag ? lastKnown(row) : t('row_state', stateText(row))}</p>
      {row.team && <p class="mut">{t('row_team', row.team)}</p>}
      {snoozed && <p class="mut">{t('row_snoozedUntil', formatClock(row.snoozedUntilMs))}</p>}
      <Today agentId={row.agentId} />
      <div class="acts">
        {riddle && (
          <button type="button" class="btn" onClick={() => void openConsole(agentWhy(row.agentId, row.cause, now.peek()))}>
            {t('diagnosis_why')}
          </button>
        )}
        <button type="button" class="btn" onClick={() => void openConsole({ agent: row.agentId })}>
          {t('row_details')}
        </button>
        <button type="button" class="btn" onClick={() => void setSnoozed(row, !snoozed)}>
          {snoozed ? t('row_unsnooze') : t('row_snooze')}
        </button>
        <button type="button" class="btn" onClick={() => void setWatched(row, false)}>
          {t('row_unwatch')}
        </button>
      </div>
    </div>
  );
}

/** One watched agent. Drawn anew only when something of it changed: the running time takes care of itself. */
export class AgentItem extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.row !== this.props.row || next.attention !== this.props.attention || next.open !== this.props.open;
  }

  override render() {
    const { row, open } = this.props;
    const id = `more-${row.agentId}`;
    const asked = unanswered(row) !== null;
    const tone = asked ? 'asked' : this.props.attention ? 'over' : '';
    return (
      <li class={`agent ${tone}`}>
        <button
          type="button"
          class="row"
          data-row={row.agentId}
          tabIndex={-1}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => {
            opened.value = open ? null : row.agentId;
          }}
        >
          <StateMark category={asked ? 'unknown' : row.category} />
          <span class="who">
            <b class="cut" title={row.name}>
              <bdi>{row.name}</bdi>
              {row.snoozedUntilMs > now.peek() && (
                <span class="quiet-mark" title={t('row_snoozedUntil', formatClock(row.snoozedUntilMs))}>
                  <BellOffIcon />
                </span>
              )}
            </b>
            <span class="what mut sm">
              <span class="cut">
                {row.stateName && !asked && <span class="unseen">{categoryLabel(row.category)}: </span>}
                {what(this.props)}
              </span>
              {asked && <span class="why">{t('row_why')}</span>}
            </span>
          </span>
          <span class="time">
            <span>
              <Time row={row} />
            </span>
            <span class="mut sm cut">{since(this.props)}</span>
          </span>
        </button>
        {open && <More row={row} id={id} />}
      </li>
    );
  }
}
