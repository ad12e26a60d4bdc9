import { type MessageKey, t } from '../../../messages/words.ts';
import './sorted-table.css';

interface Props {
  /** Its class is `c-<column>`. */
  column: string;
  label: MessageKey;
  /** Which way the rows are sorted by it; null: by another. */
  sorted: 'ascending' | 'descending' | null;
  onSort: () => void;
}

/** The head of a column by which rows can be sorted. */
export function SortHead({ column, label, sorted, onSort }: Props) {
  return (
    <th scope="col" class={`c-${column}`} aria-sort={sorted ?? 'none'}>
      <button type="button" onClick={onSort}>
        {t(label)}
        <span class="arrow" aria-hidden="true">
          {sorted === null ? '' : sorted === 'descending' ? '↓' : '↑'}
        </span>
      </button>
    </th>
  );
}
