import { titleOf } from '../../state/images.ts';
import { useSession } from '../../state/session-store.ts';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { ClusterButtons } from './ClusterBar.tsx';
import { Duration } from './ClusterSettings.tsx';

/** What will happen, before anything has. */
export function HowItWorks({ dataset }: { readonly dataset: string }) {
  const recorded = useSession((session) => session.recorded);
  const choices = useClusters();
  return (
    <div className="how-it-works">
      <p>
        {recorded
          ? 'The clusters on screen were recorded. Train some here to watch how they come about:'
          : 'Images find their clusters here without anybody telling their classes:'}
      </p>
      <ol>
        <li>
          an autoencoder (<b>DEC-large</b>) learns to redraw each image of {titleOf(dataset)} from
          ten numbers;
        </li>
        <li>k-means finds the first cluster centres among those numbers;</li>
        <li>the encoder is refined so that images gather around the centres;</li>
        <li>
          <b>DEC-middle</b> and <b>DEC-small</b> do the same on its frozen second and first layer,
          and are the exits where sure images leave early.
        </li>
      </ol>
      <p className="how-to-begin">
        <ClusterButtons />
        <Duration choices={choices} />
      </p>
    </div>
  );
}
