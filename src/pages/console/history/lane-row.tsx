import { useComputed } from '@preact/signals';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { AgentLoad } from '../../../domain/history/history.ts';
import type { Difference } from '../../../domain/history/overlay.ts';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { xAt } from '../../../domain/history/timeline.ts';
import { t } from '../../../messages/words.ts';
import { Bars } from '../../parts/bars.tsx';
import { formatCount } from '../../parts/count.ts';
import { differencesOf, type Lane } from '../../parts/lanes.ts';
import { routeHash } from '../../parts/where.ts';
import { nameOf } from '../diagnosis/names.ts';
import { route } from '../route.ts';
import { lastMs, load, question, ROOM } from './state.ts';
import { compare, pointed } from './view.ts';
import { sentence } from './words.ts';

const HEIGHT = 36;
/** With our own record beneath. */
const COMPARED_HEIGHT = 50;
const MIDDLE = 16;
const OURS_MIDDLE = 42;
const OURS_SCALE = 0.4;
const MARK_MIDDLE = 32;
/** A difference of some seconds is to be seen in a day. */
const LEAST_MARK = 3;

function marks(differences: readonly Difference[], window: TimeRange, width: number): string {
  return differences
    .filter(({ fromMs, toMs }) => toMs > window.fromMs && fromMs < window.toMs)
    .map(({ fromMs, toMs }) => {
      const left = Math.max(0, xAt(fromMs, window, width));
      const long = Math.max(LEAST_MARK, Math.min(width, xAt(toMs, window, width)) - left);
      return `M${left.toFixed(1)} 0h${long.toFixed(1)}`;
    })
    .join('');
}

/** Beneath the name: what is under way, or what one must know of where the lane is from. */
function note(lane: Lane | null, agent: AgentLoad | undefined, going: boolean): string {
  if (agent && going && agent.status === 'running') return t('history_lane_loading', formatCount(agent.records));
  if (agent && going && agent.status === 'waiting') return t('history_lane_waiting');
  if (lane?.source === 'ours') return t('history_source_seen');
  if (lane?.source === 'none') return t('history_lane_none');
  return '';
}

interface Props {
  agentId: AgentId;
  lane: Lane | null;
  window: TimeRange;
  width: number;
  index: number;
  tabStop: boolean;
  onFocus: (index: number) => void;
}

/**
 * One agent's time. For who cannot see it a slider: arrow keys go from stretch to stretch, and each is read out; all of them stand in the table
 * below as well.
 */
export function LaneRow({ agentId, lane, window, width, index, tabStop, onFocus }: Props) {
  const name = nameOf(agentId);
  const agent = useComputed(() => load.value?.agents.find((each) => each.agentId === agentId)).value;
  const going = useComputed(() => load.value?.status === 'running' || load.value?.status === 'waiting').value;
  const at = useComputed(() => (pointed.value?.lane === index && pointed.value.by === 'keys' ? pointed.value.index : 0)).value;
  const comparing = compare.value && (lane?.ours ?? null) !== null;
  const height = compare.value ? COMPARED_HEIGHT : HEIGHT;
  const beneath = note(lane, agent, going);
  const segments = lane?.segments ?? [];
  const segment = segments[at];
  const several = (question.value?.agentIds.length ?? 0) > 1;
  return (
    <div class="lane">
      <div class="lane-name">
        {several ? (
          <a
            class="cut"
            href={routeHash({ ...route.value, room: ROOM, agent: agentId, agents: [] })}
            title={t('history_onlyThis', name)}
          >
            <bdi>{name}</bdi>
          </a>
        ) : (
          <span class="cut" title={name}>
            <bdi>{name}</bdi>
          </span>
        )}
        {beneath && <span class="sm mut cut">{beneath}</span>}
      </div>
      <div
        class="lane-plot"
        data-lane={index}
        role="slider"
        aria-label={t('history_laneOf', name)}
        aria-describedby="timeline-keys"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, segments.length - 1)}
        aria-valuenow={at}
        aria-valuetext={segment ? sentence(segment, lastMs.value) : t('history_reading')}
        aria-busy={lane === null}
        tabIndex={tabStop ? 0 : -1}
        onFocus={() => onFocus(index)}
      >
        {lane === null ? (
          <span class="bone" aria-hidden="true" />
        ) : (
          <svg width={width} height={height} aria-hidden="true" focusable="false">
            <Bars segments={segments} window={window} width={width} middle={MIDDLE} />
            {comparing && (
              <>
                <Bars segments={lane.ours ?? []} window={window} width={width} middle={OURS_MIDDLE} scale={OURS_SCALE} />
                <path
                  class="difference"
                  d={marks(differencesOf(lane), window, width)}
                  transform={`translate(0 ${MARK_MIDDLE})`}
                />
              </>
            )}
          </svg>
        )}
      </div>
    </div>
  );
}
