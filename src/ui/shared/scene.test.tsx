import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { ComponentType } from 'react';
import { randomTrace } from '../../core/fixture.ts';
import type { Dataset } from '../../core/dataset.ts';
import type { Trace } from '../../core/trace.ts';
import { fixtureScene } from '../../state/scene/fixture.ts';
import type { Scene } from '../../state/scene/scene.ts';
import { scenes } from '../../state/scenes.ts';
import { CurvePanel } from '../curve/CurvePanel.tsx';
import { ImagePanel } from '../image/ImagePanel.tsx';
import { Exits } from '../rail/Exits.tsx';
import { SceneContext } from './scene.ts';

// What a browser knows of its screen.
vi.hoisted(() => {
  vi.stubGlobal('location', { href: 'http://localhost/' });
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  const matchMedia = () => ({ matches: false, addEventListener: () => undefined });
  vi.stubGlobal('window', { matchMedia, devicePixelRatio: 1 });
});

const traces = (exits: number): Trace[] => [
  { ...randomTrace(200, exits), split: 'test' },
  { ...randomTrace(300, exits, 10, 2), split: 'train' },
];

/** Without them the map draws the names of classes, which takes a canvas. */
const split = (count: number) => ({
  images: new Uint8Array(count * 16),
  labels: new Uint8Array(count),
  count,
});
const dataset: Dataset = {
  ...{ id: 'fixture', title: 'Fixture', source: 'made here', shape: [4, 4, 1] },
  classes: traces(2)[0]!.classes,
  ...{ train: split(300), test: split(200) },
};

const drawn = (Panel: ComponentType, scene: Scene): string =>
  renderToStaticMarkup(
    <SceneContext value={scene}>
      <Panel />
    </SceneContext>,
  );

describe('a panel in a scene', () => {
  it('is drawn from a fixture alone', () => {
    const scene = fixtureScene(traces(4), { story: { image: 7 }, run: { dataset } });
    expect(drawn(Exits, scene)).toContain('of 200 test images right');
    expect(drawn(CurvePanel, scene)).toContain('test, 200 images');
    expect(drawn(ImagePanel, scene)).toContain('value="7"');
    // The page's own scenes have seen nothing of it.
    for (const { shown } of Object.values(scenes)) expect(shown.getState().trace).toBeNull();
  });

  it('stands beside the same panel in another scene', () => {
    const [few, many] = [3, 6].map((exits) => fixtureScene(traces(exits), { run: { dataset } }));
    const both = renderToStaticMarkup(
      <>
        <SceneContext value={few!}>
          <Exits />
        </SceneContext>
        <SceneContext value={many!}>
          <Exits />
        </SceneContext>
      </>,
    );
    expect(both.match(/Enlarge the confusion matrix/g)).toHaveLength(9);
  });

  it('says what will come where there is nothing yet', () => {
    expect(drawn(Exits, fixtureScene([]))).toContain('Confusion matrices appear here');
    expect(drawn(Exits, fixtureScene([], {}, 'clusters'))).toContain('Three exits come here');
  });

  it('is refused outside of a scene', () => {
    expect(() => renderToStaticMarkup(<Exits />)).toThrow('expected a SceneContext around it');
  });
});
