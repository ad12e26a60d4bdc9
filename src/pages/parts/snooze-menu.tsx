import { useComputed } from '@preact/signals';
import { formatClock } from '../../domain/time.ts';
import { send } from '../../messages/send.ts';
import { t } from '../../messages/words.ts';
import { now } from './clock.ts';
import { BellOffIcon } from './icons.tsx';
import { MenuButton, type MenuItem } from './menu.tsx';
import { attempt } from './notice.tsx';
import { SNOOZES } from './snooze.ts';
import { glance } from './store.ts';
import { formatWhen } from './when.ts';

const snooze = (untilMs: number) => void attempt(() => send('snooze', { agentId: null, untilMs }));

/** Silence for all alerts, and a word on how long it lasts. */
export function SnoozeMenu() {
  const until = useComputed(() => {
    const untilMs = glance.value?.snoozedUntilMs ?? 0;
    return untilMs > now.value ? untilMs : 0;
  });
  const snoozed = until.value > 0;
  const shown = snoozed ? formatWhen(until.value, now.peek()) : '';
  const tomorrow = SNOOZES.tomorrow(new Date());
  const items: MenuItem[] = [
    { label: t('snooze_quarter'), run: () => snooze(SNOOZES.quarter(new Date())) },
    { label: t('snooze_hour'), run: () => snooze(SNOOZES.hour(new Date())) },
    { label: t('snooze_tomorrow', formatClock(tomorrow)), run: () => snooze(SNOOZES.tomorrow(new Date())) },
  ];
  if (snoozed) items.unshift({ label: t('snooze_resume'), run: () => snooze(0) });
  return (
    <MenuButton
      label={snoozed ? t('snooze_labelOn', shown) : t('snooze_label')}
      note={snoozed ? t('snooze_noteOn', shown) : t('snooze_note')}
      items={items}
    >
      {snoozed && <BellOffIcon />}
      {snoozed ? t('snooze_buttonOn', shown) : t('snooze_button')}
    </MenuButton>
  );
}
