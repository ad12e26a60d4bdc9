import { t } from '../../../messages/words.ts';
import { categoryLabel } from '../../parts/category.ts';
import type { RuleVocabulary } from '../logic/rule-words.ts';
import { either, inSentence } from './language.ts';

export const WORDS: RuleVocabulary = {
  label: (category) => inSentence(categoryLabel(category)),
  either,
  get anyState() {
    return t('rule_anyState');
  },
  withReason: (state, reason) => t('rule_withReason', state, reason),
};
