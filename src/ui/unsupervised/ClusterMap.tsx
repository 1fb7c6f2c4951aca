import { useMemo, useRef, useState } from 'react';
import { byCluster, clustersIn, ofCluster, wrongInCells } from '../../core/cluster-map.ts';
import type { Outcome } from '../../core/replay.ts';
import { isClustering } from '../../core/meaning.ts';
import type { Trace } from '../../core/trace.ts';
import { useArrangement } from '../map/useArrangement.ts';
import { useMapParts } from '../map/useMapParts.ts';
import { depthColour } from '../shared/colours.ts';
import { plural } from '../shared/format.ts';
import { Panel } from '../shared/Panel.tsx';
import { rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import { useSize } from '../shared/useSize.ts';
import { ClusterRow } from './ClusterRow.tsx';
import { ClusterTable } from './ClusterTable.tsx';
import { useRun, useShown, useStory } from '../shared/scene.ts';

/** Thumbnail and distance to the next, CSS pixels. */
const SIDE = 20;
const PITCH = 22;

/** Images by the cluster that they leave with and the exit where they leave, under the policy on screen. */
export function ClusterMap() {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  if (!trace || !isClustering(trace) || !outcome) return null;
  return <MapOf trace={trace} outcome={outcome} />;
}

interface MapProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
}

function MapOf({ trace, outcome }: MapProps) {
  const dataset = useRun((session) => session.dataset);
  const selected = useStory((story) => story.image);
  const arrangement = useArrangement();
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const [opened, setOpened] = useState<number | null>(null);
  const names = useClusterNames(trace);
  const exits = trace.exits.length;
  const column = Math.floor(width / exits);
  const { geometry, thumbs } = useMapParts(trace, dataset, { column, side: SIDE, pitch: PITCH });
  const clusters = useMemo(() => clustersIn(trace), [trace]);
  const map = useMemo(
    () => arrangement && byCluster(trace, outcome, arrangement),
    [trace, outcome, arrangement],
  );
  const wrong = useMemo(() => map && wrongInCells(trace, map), [trace, map]);
  if (!map || !wrong) return null;
  const words = rightWords(trace);
  const { count, label, prediction } = trace;
  const isWrong = (i: number): boolean => prediction[outcome.exitOf[i]! * count + i] !== label[i];
  return (
    <Panel
      title="Clusters, and where their images leave"
      why="clusters"
      note={`${plural(map.images.length, `${trace.split} image`)} · outlined: ${words.wrong}`}
      help="A row a cluster, a column an exit. Choose an image to follow it; choose a cluster’s name to give it another."
      className="cluster-map"
    >
      <div
        className="cluster-scroll"
        tabIndex={0}
        role="group"
        aria-label="Images by cluster and exit; the table below gives the counts"
      >
        <div
          ref={box}
          className="cluster-exits"
          style={{ gridTemplateColumns: `repeat(${exits}, ${column}px)` }}
        >
          {trace.exits.map(({ name }, j) => (
            <span key={name} style={{ borderTopColor: depthColour(j, exits) }}>
              {name}
            </span>
          ))}
        </div>
        {column > 0 &&
          clusters.map((cluster) => (
            <ClusterRow
              key={trace.classes[cluster]}
              dataset={trace.dataset}
              cluster={trace.classes[cluster]!}
              name={names[cluster]!}
              map={ofCluster(map, cluster, exits)}
              wrong={wrong.subarray(cluster * exits, (cluster + 1) * exits)}
              wrongWord={words.wrong}
              geometry={geometry}
              thumbs={thumbs}
              isWrong={isWrong}
              selected={selected}
              isOpen={opened === cluster}
              onOpen={(open) => setOpened(open ? cluster : null)}
            />
          ))}
      </div>
      <ClusterTable
        trace={trace}
        names={names}
        clusters={clusters}
        map={map}
        wrong={wrong}
        words={words}
      />
    </Panel>
  );
}
