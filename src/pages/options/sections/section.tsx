import type { ComponentChildren } from 'preact';

interface Props {
  id: string;
  title: string;
  intro?: string;
  children: ComponentChildren;
}

export function Section({ id, title, intro, children }: Props) {
  return (
    <section id={id} class="section" aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {intro !== undefined && <p class="intro">{intro}</p>}
      </header>
      {children}
    </section>
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
