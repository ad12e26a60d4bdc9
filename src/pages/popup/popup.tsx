import { useEffect, useRef } from 'preact/hooks';
import { ProblemBanner, UnreachableBanner } from '../parts/banner.tsx';
import { isFirstRun, Waiting, Welcome } from '../parts/first-run.tsx';
import { NoticeBar } from '../parts/notice.tsx';
import { glance, problem } from '../parts/store.ts';
import { openConsole } from '../parts/tabs.ts';
import { AgentList } from './agent-list.tsx';
import { AlertLog } from './alert-log.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { NoAgents } from './no-agents.tsx';
import './popup.css';
import { SearchBox, SearchResults } from './search.tsx';
import { opened, query, view } from './view.ts';

function Body() {
  const shown = glance.value;
  if (view.value === 'alerts') return <AlertLog />;
  if (!shown) return <Waiting />;
  if (isFirstRun(shown)) return <Welcome />;
  if (query.value.trim()) return <SearchResults />;
  if (shown.rows.length === 0) return <NoAgents />;
  return <AgentList />;
}

/** Esc takes one step back; the last Esc is Chrome's and closes the popup. */
function stepBack(): boolean {
  if (view.value === 'alerts') view.value = 'agents';
  else if (query.value) query.value = '';
  else if (opened.value !== null) opened.value = null;
  else return false;
  return true;
}

export function Popup() {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { target } = event;
      const typing = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
      if (event.key === 'Escape' && stepBack()) event.preventDefault();
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      view.value = 'agents';
      // The box may just be on its way back to the screen.
      requestAnimationFrame(() => search.current?.focus());
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const shown = glance.value;
  const firstRun = shown !== undefined && isFirstRun(shown);
  const alerts = view.value === 'alerts';
  return (
    <div class="popup-page">
      <Header />
      <main>
        {!alerts && (
          <div class="top">
            <UnreachableBanner />
            {problem.value && !firstRun && <ProblemBanner openWhy={(to) => void openConsole(to)} />}
            {shown && !firstRun && <SearchBox box={search} />}
          </div>
        )}
        <Body />
      </main>
      <NoticeBar />
      {shown && !firstRun && <Footer />}
    </div>
  );
}
