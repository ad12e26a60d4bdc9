import { t } from '../../../../messages/words.ts';
import { Matrix } from '../matrix/matrix.tsx';
import { kept } from './kept.ts';
import { ManyForm } from './many-form.tsx';
import { OneForm } from './one-form.tsx';
import { Segments } from './segments.tsx';

type Way = 'one' | 'many' | 'matrix';
const way = kept<Way>('way', 'many');

/** Three ways in. Each ends in a batch, which CXone is asked about before anything is written. */
export function New() {
  return (
    <>
      <Segments
        label={t('skills_ways')}
        quiet
        value={way.value}
        choose={(chosen) => {
          way.value = chosen;
        }}
        choices={[
          { value: 'one', label: t('skills_way_one') },
          { value: 'many', label: t('skills_way_many') },
          { value: 'matrix', label: t('skills_way_matrix') },
        ]}
      />
      {way.value === 'one' && <OneForm />}
      {way.value === 'many' && <ManyForm />}
      {way.value === 'matrix' && <Matrix />}
    </>
  );
}
