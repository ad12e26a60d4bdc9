import { useComputed } from '@preact/signals';
import { notePhrase } from '../../../domain/history/notes.ts';
import { formatDuration } from '../../../domain/time.ts';
import { t, tCode } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';
import { nameOf } from '../diagnosis/names.ts';
import { lanes, load, skewMs } from './state.ts';

/** What was put right or could not be read: folded away, as what is on screen is right already. */
export function Notes() {
  const several = lanes.value.length > 1;
  const lines = useComputed(() => {
    const found = lanes.value.flatMap(({ agentId, lane }) => {
      const agent = load.value?.agents.find((each) => each.agentId === agentId);
      const said = (lane?.notes ?? []).map((note) => {
        const { key, params } = notePhrase(note, t('page_language'));
        return tCode(key, params);
      });
      if (agent && agent.badRows > 0) {
        const count = formatCount(agent.badRows);
        const fields = agent.badFields.join(', ');
        said.push(fields ? t('history_badRowsIn', count, fields) : t('history_badRows', count));
      }
      return said.map((text) => ({ agentId, text }));
    });
    if (skewMs.value !== 0) found.push({ agentId: '', text: t('history_skew', formatDuration(Math.abs(skewMs.value))) });
    return found;
  }).value;
  if (lines.length === 0) return null;
  return (
    <details class="card notes">
      <summary>
        <h3>{t('history_notes', lines.length)}</h3>
      </summary>
      <ul>
        {lines.map(({ agentId, text }) => (
          <li key={`${agentId} ${text}`}>
            {several && agentId !== '' && (
              <b>
                <bdi>{nameOf(agentId)}</bdi>:{' '}
              </b>
            )}
            {text}
          </li>
        ))}
      </ul>
    </details>
  );
}
