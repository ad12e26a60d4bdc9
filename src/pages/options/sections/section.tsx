import type { ComponentChildren } from 'preact';
import { t } from '../../../messages/words.ts';
import { connectionId } from '../state/connection-form.ts';
import { connections, several } from '../state/connections.ts';

interface Props {
  id: string;
  title: string;
  intro?: string;
  /** What is in it belongs to the connection shown, and with several it says which. */
  ofConnection?: boolean;
  children: ComponentChildren;
}

export function Section({ id, title, intro, ofConnection = false, children }: Props) {
  return (
    <section id={id} class="section" aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {intro !== undefined && <p class="intro">{intro}</p>}
        {ofConnection && several.value && <OfConnection />}
      </header>
      {children}
    </section>
  );
}

function OfConnection() {
  const shown = connections.value.find(({ id }) => id === connectionId.value);
  if (!shown) return null;
  return (
    <p class="of-connection">
      {t('options_ofConnection')} <bdi>{shown.name}</bdi>
    </p>
  );
}

export function Card({ title, aside, children }: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="card">
      <div class="card-head">
        <h3>{title}</h3>
        {aside}
      </div>
      {children}
    </div>
  );
}
