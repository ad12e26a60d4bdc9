import { Component } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AgentId } from '../../../../domain/agent-state.ts';
import { type Held, type Skill, sameHeld } from '../../../../domain/skills/assignment.ts';
import { t } from '../../../../messages/words.ts';
import { nameOf } from '../../diagnosis/names.ts';
import { traits } from '../access.ts';
import { heldText } from '../input/held-words.ts';
import { LevelMark } from '../input/level-scale.tsx';
import { heldOf, skillTitle } from '../input/lookup.ts';
import { zone } from '../input/zones.ts';
import { placeFor } from './changes.ts';
import { active, columns, moveTo, standing, takeAway, typeDigit, undo, users, wishOf } from './state.ts';

interface CellProps {
  row: number;
  column: number;
  /** Whose cell it is, and of what, for who hears the page. */
  who: string;
  what: string;
  now: Held | null | undefined;
  before: Held | null | undefined;
  changed: boolean;
  current: boolean;
  /** Times are said as its clocks have them. */
  zone: string;
}

/** Thousands of them: drawn anew only where something changed. */
class Cell extends Component<CellProps> {
  override shouldComponentUpdate(next: CellProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof CellProps)[]).some((key) => next[key] !== now[key]);
  }

  override render() {
    const { row, column, who, what, now, before, changed, current, zone: clocks } = this.props;
    const words = now === undefined ? t('skills_matrix_unknown') : heldText(now, traits.peek(), clocks);
    const says = changed ? t('skills_matrix_changed', words, heldText(before ?? null, traits.peek(), clocks)) : words;
    const look = [changed && 'changed', current && 'current', now && !now.active && 'off'].filter(Boolean).join(' ');
    return (
      <td
        data-row={row}
        data-column={column}
        tabIndex={current ? 0 : -1}
        class={look || undefined}
        aria-label={t('skills_matrix_cell', who, what, says)}
        title={says}
      >
        {now ? (
          <>
            <LevelMark level={now.level} levels={traits.peek().levels} />
            {now.level}
          </>
        ) : (
          <span class="none">{now === undefined ? '?' : changed ? '✕' : '·'}</span>
        )}
      </td>
    );
  }
}

function Row({ userId, row, skills }: { userId: AgentId; row: number; skills: readonly Skill[] }) {
  const name = nameOf(userId);
  const at = active.value;
  return (
    <tr>
      <th scope="row" class="cut" title={name}>
        <bdi>{name}</bdi>
      </th>
      {skills.map((skill, column) => {
        const [now, before] = [standing(userId, skill.skillId), heldOf(userId, skill.skillId)];
        const changed = wishOf(userId, skill.skillId) !== undefined && !sameHeld(now ?? null, before ?? null);
        return (
          <Cell
            key={skill.skillId}
            row={row}
            column={column}
            who={name}
            what={skillTitle(skill)}
            now={now}
            before={before}
            changed={changed}
            current={at.row === row && at.column === column}
            zone={zone.value}
          />
        );
      })}
    </tr>
  );
}

const cellOf = (target: EventTarget | null) => (target as Element | null)?.closest<HTMLElement>('td[data-row]') ?? null;
const placeOf = ({ dataset }: HTMLElement) => ({ row: Number(dataset.row), column: Number(dataset.column) });

/** Agents by skills. One Tab stop; arrows move, digits set the level, Delete takes away, U undoes, Enter goes to the line beneath. */
export function Grid({ edit }: { edit: () => void }) {
  const place = useRef<HTMLTableElement>(null);
  const { skills } = columns.value;
  const edits = useRef(edit);
  edits.current = edit;
  useEffect(() => {
    const table = place.current;
    if (!table) return;
    const focus = () =>
      requestAnimationFrame(() => table.querySelector<HTMLElement>('td[tabindex="0"]')?.focus({ preventScroll: false }));
    const onKey = (event: KeyboardEvent) => {
      const cell = cellOf(event.target);
      if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = placeOf(cell);
      const [userId, skill] = [users.peek()[at.row], columns.peek().skills[at.column]];
      if (userId === undefined || skill === undefined) return;
      const to = placeFor(event.key, at, users.peek().length, columns.peek().skills.length);
      if (to) {
        moveTo(to);
        focus();
      } else if (/^\d$/.test(event.key)) typeDigit(userId, skill.skillId, event.key);
      else if (event.key === 'Delete' || event.key === 'Backspace') takeAway(userId, skill.skillId);
      else if (event.key.toLowerCase() === 'u') undo(userId, skill.skillId);
      else if (event.key === 'Enter' || event.key === 'F2') edits.current();
      else return;
      event.preventDefault();
    };
    const onPoint = (event: MouseEvent) => {
      const cell = cellOf(event.target);
      if (!cell) return;
      moveTo(placeOf(cell));
    };
    table.addEventListener('keydown', onKey);
    table.addEventListener('click', onPoint);
    return () => {
      table.removeEventListener('keydown', onKey);
      table.removeEventListener('click', onPoint);
    };
  }, []);
  return (
    <div class="grid-scrolls">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: WAI-ARIA makes a grid of a table just so; its cells are grid cells then. */}
      <table role="grid" class="matrix" ref={place} aria-label={t('skills_matrix_caption')} aria-describedby="matrix-keys">
        <thead>
          <tr>
            <th scope="col" class="corner">
              <span class="unseen">{t('skills_column_userId')}</span>
            </th>
            {skills.map((skill) => (
              <th key={skill.skillId} scope="col" title={`${skillTitle(skill)} (${skill.skillId})`}>
                <span class="head-name">
                  <bdi>{skillTitle(skill)}</bdi>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {users.value.map((userId, row) => (
            <Row key={userId} userId={userId} row={row} skills={skills} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
