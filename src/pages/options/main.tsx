import { t } from '../../messages/words.ts';
import { mount } from '../parts/mount.tsx';
import { openStore } from '../parts/store.ts';
import './options.css';
import './cards.css';
import './narrow.css';
import { OptionsPage } from './page.tsx';
import { followHosts } from './state/host-access.ts';
import { load, refreshOnReturn } from './state/load.ts';
import { followTest } from './state/test-run.ts';

document.title = t('options_title');
mount(OptionsPage);
followHosts();
refreshOnReturn();
void openStore();
void followTest();
void load();
