import { useEffect } from 'react';
import { followExplore, give } from '../../state/try/drive.ts';
import { openWithImages } from '../../state/try/stand-in.ts';
import { RecordedStrip } from '../bar/RecordedStrip.tsx';
import { BatchPanel } from './BatchPanel.tsx';
import { ClockPanel } from './ClockPanel.tsx';
import { PicturePanel } from './PicturePanel.tsx';
import { StagesPanel } from './StagesPanel.tsx';
import './try.css';

/** The Try page: one image past the exits, computed stage by stage and no further, beside the plain network. */
export function TryPage() {
  useEffect(() => followExplore(), []);
  useEffect(() => void openWithImages(), []);
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) =>
        type.startsWith('image/'),
      );
      if (!file) return;
      event.preventDefault();
      void give(file);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
  return (
    <>
      <h1 className="visually-hidden">Try: inference that stops, on an image of yours</h1>
      <RecordedStrip />
      <div className="page try-page">
        <div className="left">
          <StagesPanel />
          <BatchPanel />
        </div>
        <div className="right">
          <PicturePanel />
          <ClockPanel />
        </div>
      </div>
    </>
  );
}
