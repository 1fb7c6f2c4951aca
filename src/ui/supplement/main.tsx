/** A run in one file: built into a page of its own, `supplement.template`, which an export fills. */
import '../styles/tokens.css';
import '../styles/controls.css';
import '../styles/layout.css';
import { createRoot } from 'react-dom/client';
import { Replay } from './Replay.tsx';
import { filledIn, readSupplement } from './read.ts';
import './supplement.css';

const root = createRoot(document.getElementById('root')!);
try {
  root.render(<Replay run={readSupplement(filledIn())} />);
} catch (error) {
  root.render(
    <p className="supplement" role="alert">
      {error instanceof Error ? error.message : 'This file cannot be read.'}
    </p>,
  );
}
