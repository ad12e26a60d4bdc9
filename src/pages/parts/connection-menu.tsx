import { send } from '../../messages/send.ts';
import { t } from '../../messages/words.ts';
import './connection-menu.css';
import { StandingMark, standingWords, wantsLook } from './connection-standing.tsx';
import { ChevronIcon } from './icons.tsx';
import { MenuButton, type MenuItem } from './menu.tsx';
import { attempt } from './notice.tsx';
import { others } from './store.ts';

interface Props {
  id: string;
  name: string;
  /** Runs once the pages show the other one. */
  onSwitched?: () => void;
}

/** The name of the connection shown as a menu of all, for where there are several. What wants a look elsewhere stands on the button as well. */
export function ConnectionMenu({ id, name, onSwitched }: Props) {
  const list = others.value;
  const waiting = list.filter(wantsLook);
  const first = waiting[0];
  const show = (next: string) =>
    void attempt(async () => {
      await send('switchConnection', { id: next });
      onSwitched?.();
    });
  const items: MenuItem[] = [
    { key: id, label: name, checked: true, run: () => undefined, body: <Item name={name} words={t('switch_shown')} /> },
    ...list.map((other) => ({
      key: other.id,
      label: other.name,
      checked: false,
      run: () => show(other.id),
      body: (
        <>
          <Item name={other.name} words={standingWords(other) || t('switch_fine')} />
          <StandingMark of={other} />
        </>
      ),
    })),
  ];
  const elsewhere = waiting.map((other) => t('switch_elsewhere', other.name, standingWords(other)));
  return (
    <MenuButton class="connection-menu" label={[t('switch_label', name), ...elsewhere].join('. ')} items={items}>
      <span class="cut">
        <bdi>{name}</bdi>
      </span>
      <ChevronIcon />
      {first && <StandingMark of={waiting.find(({ unseenAlerts }) => unseenAlerts > 0) ?? first} />}
    </MenuButton>
  );
}

function Item({ name, words }: { name: string; words: string }) {
  return (
    <span class="connection-item">
      <span class="cut">
        <bdi>{name}</bdi>
      </span>
      <span class="sm mut">{words}</span>
    </span>
  );
}
