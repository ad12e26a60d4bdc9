import { t } from '../../../messages/words.ts';
import { categoryLabel } from '../../parts/category.ts';
import type { RuleVocabulary } from '../logic/rule-words.ts';
import { either, inSentence } from './language.ts';

export const WORDS: RuleVocabulary = {
  label: categoryLabel,
  within: inSentence,
  either,
  get anyState() {
    return t('rule_anyState');
  },
  get inAnyState() {
    return t('rule_inAnyState');
  },
  withReason: (state, reason) => t('rule_withReason', state, reason),
};
