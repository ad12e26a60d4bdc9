import { Component } from 'preact';
import type { AgentRow } from '../../../messages/contract.ts';
import { t } from '../../../messages/words.ts';
import { setWatched } from '../../parts/actions.ts';
import { categoryLabel, stateName } from '../../parts/category.ts';
import { now } from '../../parts/clock.ts';
import { Elapsed } from '../../parts/elapsed.tsx';
import { StarIcon } from '../../parts/icons.tsx';
import { lastText, noAnswerText, rowText } from '../../parts/last-known.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { formatWhen } from '../../parts/when.ts';
import { routeHash } from '../../parts/where.ts';
import { agentWhy } from '../../parts/why.ts';

/** As in wallboard.css: the windowing counts on it. */
export const ROW_HEIGHT = 40;

interface Props {
  agent: AgentRow;
  index: number;
  current: boolean;
  tabStop: boolean;
}

function Time({ agent }: { agent: AgentRow }) {
  if (agent.missingSinceMs > 0)
    return (
      <>
        <b>—</b>
        <span class="mut sm">{noAnswerText(agent)}</span>
      </>
    );
  if (agent.sinceMs <= 0) return <>—</>;
  const when = formatWhen(agent.sinceMs, now.peek());
  return (
    <>
      <b>
        <Elapsed sinceMs={agent.sinceMs} known={agent.sinceKnown} />
      </b>
      <span class="mut sm">{agent.sinceKnown ? t('row_since', when) : t('row_sinceBefore', when)}</span>
    </>
  );
}

/** What the tenant calls the state, with ours for those who only hear it; the last one known is no state of today. */
function State({ agent, tabStop }: Pick<Props, 'agent' | 'tabStop'>) {
  if (agent.missingSinceMs > 0)
    return (
      <td class="c-state cut">
        {categoryLabel('unknown')}
        <a
          class="ask"
          href={routeHash(agentWhy(agent.agentId, null, now.peek()))}
          tabIndex={tabStop ? 0 : -1}
          aria-label={t('console_whyOf', agent.name)}
        >
          {t('row_why')}
        </a>
      </td>
    );
  return (
    <td class="c-state cut" title={stateName(agent)}>
      {agent.stateName && agent.stateName !== categoryLabel(agent.category) && (
        <span class="unseen">{categoryLabel(agent.category)}: </span>
      )}
      {stateName(agent)}
    </td>
  );
}

export class TableRow extends Component<Props> {
  override shouldComponentUpdate({ agent, index, current, tabStop }: Props): boolean {
    const now = this.props;
    return agent !== now.agent || index !== now.index || current !== now.current || tabStop !== now.tabStop;
  }

  override render() {
    const { agent, index, current, tabStop } = this.props;
    const reason = agent.missingSinceMs > 0 ? lastText(agent) : agent.reason;
    const watch = t(agent.watched ? 'popup_unwatchName' : 'popup_watchName', agent.name);
    return (
      <tr data-index={index} aria-rowindex={index + 2} class={current ? 'current' : ''}>
        <td class="c-watch">
          <button
            type="button"
            class="btn icon star"
            tabIndex={tabStop ? 0 : -1}
            aria-label={watch}
            title={watch}
            aria-pressed={agent.watched}
            onClick={() => void setWatched(agent, !agent.watched)}
          >
            <StarIcon on={agent.watched} />
          </button>
        </td>
        <th scope="row" class="c-name cut">
          <a
            href={routeHash({ agent: agent.agentId })}
            title={agent.name}
            tabIndex={tabStop ? 0 : -1}
            aria-current={current ? 'true' : undefined}
          >
            <StateMark category={agent.category} />
            <span class="cut">
              <bdi>{agent.name}</bdi>
              <span class="under cut sm mut">{rowText(agent)}</span>
            </span>
          </a>
        </th>
        <State agent={agent} tabStop={tabStop} />
        <td class="c-reason cut" title={reason}>
          {reason}
        </td>
        <td class="c-skill cut" title={agent.skill}>
          {agent.skill}
        </td>
        <td class="c-team cut" title={agent.team}>
          <bdi>{agent.team}</bdi>
        </td>
        <td class="c-time">
          <Time agent={agent} />
        </td>
      </tr>
    );
  }
}
