import { type Column, ignoredColumns } from '../../../../domain/skills/columns.ts';
import { type MessageKey, t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { traits } from '../access.ts';
import { Field } from './field.tsx';
import { columnLabel } from './issue-words.ts';
import { chooseColumn, chooseDelimiter, chooseHeader, chooseZone, hasHeader, mapping, missing, parsed } from './many.ts';
import { columnNames, columnsFor } from './rows.ts';
import { ZoneField } from './zone-field.tsx';
import { zone } from './zones.ts';

const DELIMITERS: readonly { value: string; label: MessageKey }[] = [
  { value: ',', label: 'skills_in_comma' },
  { value: ';', label: 'skills_in_semicolon' },
  { value: '\t', label: 'skills_in_tab' },
  { value: '|', label: 'skills_in_bar' },
];
const delimiterLabel = (delimiter: string): string => {
  const known = DELIMITERS.find(({ value }) => value === delimiter);
  return known ? t(known.label) : delimiter;
};

/** What a column of the file is called where one chooses: by its name, with what stands in it; by its place where it has none. */
function optionText({ name, sample }: { name: string; sample: string }, place: number): string {
  const title = name || t('skills_in_columnNumber', place + 1);
  return sample ? t('skills_in_columnSample', title, sample.slice(0, 40)) : title;
}

function ColumnField({ column }: { column: Column }) {
  const lines = parsed.value?.lines ?? [];
  const lacking = missing.value.includes(column);
  return (
    <Field label={columnLabel(column)} error={lacking ? t('skills_in_columnMissing') : ''}>
      <select
        class="field"
        value={String(mapping.value?.[column] ?? '')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          void chooseColumn(column, value === '' ? null : Number(value));
        }}
      >
        <option value="">{t('skills_in_noColumn')}</option>
        {columnNames(lines, hasHeader.value).map((each, place) => (
          <option key={place} value={String(place)}>
            {optionText(each, place)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Notes() {
  const found = parsed.value;
  if (!found || !mapping.value) return null;
  const ignored = ignoredColumns(mapping.value, traits.value);
  return (
    <>
      {found.openQuoteLine > 0 && <p class="wrong">{t('skills_in_openQuote', found.openQuoteLine)}</p>}
      {found.cut && <p class="wrong">{t('skills_in_cut', formatCount(found.lines.length))}</p>}
      {ignored.length > 0 && <p class="mut">{t('skills_in_ignored', ignored.map(columnLabel).join(', '))}</p>}
    </>
  );
}

/** How the text was understood, in one line; everything in it can be chosen otherwise. */
export function ReadingCard() {
  const found = parsed.value;
  if (!found || found.lines.length === 0) return null;
  const { window } = traits.value;
  const count = found.lines.length - (hasHeader.value ? 1 : 0);
  const parts = [
    t(count === 1 ? 'skills_in_rows_one' : 'skills_in_rows', formatCount(count)),
    t('skills_in_separated', delimiterLabel(found.delimiter)),
    t(hasHeader.value ? 'skills_in_withHeader' : 'skills_in_withoutHeader'),
    ...(window ? [t('skills_in_timesIn', zone.value)] : []),
  ];
  return (
    <section class="card skill-form" aria-labelledby="reading">
      <h2 id="reading">{t('skills_in_how')}</h2>
      <p>{parts.join(' · ')}</p>
      <Notes />
      {missing.value.length > 0 && (
        <p class="wrong" role="alert">
          {t('skills_in_missing', missing.value.map(columnLabel).join(', '))}
        </p>
      )}
      <details class="how-read" open={missing.value.length > 0}>
        <summary>{t('skills_in_changeHow')}</summary>
        <div class="fields">
          {columnsFor(traits.value).map((column) => (
            <ColumnField key={column} column={column} />
          ))}
        </div>
        <div class="fields">
          <Field label={t('skills_in_delimiter')}>
            <select class="field" value={found.delimiter} onChange={(event) => void chooseDelimiter(event.currentTarget.value)}>
              {DELIMITERS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {t(label)}
                </option>
              ))}
            </select>
          </Field>
          {window && <ZoneField choose={(chosen) => void chooseZone(chosen)} />}
          <label class="check">
            <input
              type="checkbox"
              checked={hasHeader.value}
              onChange={(event) => void chooseHeader(event.currentTarget.checked)}
            />
            {t('skills_in_header')}
          </label>
        </div>
      </details>
    </section>
  );
}
