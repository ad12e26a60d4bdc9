import { t } from '../../../messages/words.ts';
import { Callout } from '../bits/callout.tsx';
import { askForSaved, connectionId, dirty } from '../state/connection-form.ts';
import { hostsAsked, missingHosts, tellHosts } from '../state/host-access.ts';
import { AdminCard } from './admin-card.tsx';
import { ConnectionsCard } from './connections-card.tsx';
import { SecretCard } from './secret-card.tsx';
import { Section } from './section.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { TenantForm } from './tenant-form.tsx';
import { TestCard } from './test-card.tsx';
import { UsesCard } from './uses-card.tsx';

export function ConnectionSection() {
  return (
    <Section id="connection" title={t('options_connection')} intro={t('options_connectionIntro')}>
      <ConnectionsCard />
      <HostAccess />
      <TenantForm />
      <AdminCard />
      <SecretCard />
      <SignInCard />
      <UsesCard />
      <TestCard />
    </Section>
  );
}

/** Chrome has not been allowed to reach a host: nothing else can work, so it stands first. */
function HostAccess() {
  const missing = missingHosts.value;
  if (missing.length === 0 || connectionId.value === null || dirty.value) return null;
  const ask = () => {
    void askForSaved().then(tellHosts);
  };
  const names = missing.map((origin) => origin.replace(/^https?:\/\//, '')).join(', ');
  return (
    <Callout
      tone="warn"
      title={t('options_hostsMissing', names)}
      action={
        <button type="button" class="btn main" onClick={ask} disabled={hostsAsked.value}>
          {hostsAsked.value ? t('options_hostsAsked') : t('options_hostsAllow')}
        </button>
      }
    >
      <p>{t('options_hostsMissingText')}</p>
    </Callout>
  );
}
