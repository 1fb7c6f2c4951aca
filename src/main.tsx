import './ui/styles/tokens.css';
import './ui/styles/controls.css';
import './ui/styles/layout.css';
import './ui/styles/media.css';
import { createRoot } from 'react-dom/client';
import { followState, readAddress } from './state/address/link.ts';
import { findDatasets } from './state/lease/images.ts';
import { enter, followPages } from './state/enter.ts';
import { followScenes } from './state/scenes.ts';
import { App } from './ui/App.tsx';
import { layHues } from './ui/shared/hues.ts';

layHues();
readAddress();
followState(enter);
followScenes();
createRoot(document.getElementById('root')!).render(<App />);

void findDatasets();
followPages();
