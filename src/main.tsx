import './ui/styles/tokens.css';
import './ui/styles/controls.css';
import './ui/styles/layout.css';
import { createRoot } from 'react-dom/client';
import { followState, readAddress } from './state/address/link.ts';
import { findDatasets } from './state/lease/images.ts';
import { followLearning } from './state/scene/judges.ts';
import { followStage } from './state/unsupervised/stage.ts';
import { followSelection } from './state/scene/story.ts';
import { App } from './ui/App.tsx';
import { layHues } from './ui/shared/hues.ts';

layHues();
readAddress();
followState();
followSelection();
followLearning();
createRoot(document.getElementById('root')!).render(<App />);

void findDatasets();
followStage();
