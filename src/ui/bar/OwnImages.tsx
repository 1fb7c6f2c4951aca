import type { OptionValue } from '../../core/options/option.ts';
import { PICTURE_OPTIONS } from '../../data/pictures/options.ts';
import { dropSingles, networkForOwn, openOwnFiles, wordsFor } from '../../state/images/open.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { OWN, titleOf, useImages } from '../../state/lease/images.ts';
import { useOwn } from '../../state/network/own.ts';
import { useSettings } from '../../state/settings.ts';
import { count } from '../shared/format.ts';
import { OptionControl } from '../shared/OptionControl.tsx';

/** A person's own classes on a network: what they are, how their pictures are read, and what is done with them. */
export function OwnImages() {
  const pictures = useImages((images) => images.ownPictures);
  const chosen = useSettings((settings) => settings.dataset);
  useSettings((settings) => settings.network);
  useOwn((own) => own.networks);
  if (!pictures) return null;
  const { classes, counts, isShared } = pictures;
  const network = networkForOwn();
  const some = classes.slice(0, 8).join(', ');
  return (
    <section className="open-files" aria-label="Your classes on this network">
      <h3>Your classes on this network</h3>
      <p>
        {count(counts.train + counts.test)} pictures of {count(classes.length)} classes: {some}
        {classes.length > 8 && ' …'}
      </p>
      {network && <p className="panel-help">{wordsFor(network, classes)}</p>}
      <div className="options">
        <PictureOption name="fit" />
        {isShared && <PictureOption name="testShare" />}
      </div>
      {chosen !== OWN && (
        <button type="button" className="button" onClick={openOwnFiles}>
          Run your classes
        </button>
      )}
    </section>
  );
}

/** An option of reading; what is on screen is read anew with it. */
function PictureOption({ name }: { readonly name: 'fit' | 'testShare' }) {
  const value = useSettings((settings) => settings[name]);
  const chosen = useSettings((settings) => settings.dataset);
  const change = (next: OptionValue): void => {
    if (chosen === OWN) chooseAndRun({ [name]: next, source: 'live' });
    else useSettings.setState({ [name]: next });
  };
  return <OptionControl option={PICTURE_OPTIONS[name]} value={value} onChange={change} />;
}

/** Pictures in the place of the test images, until these are wanted again. */
export function SinglePictures() {
  const singles = useImages((images) => images.singles.count);
  const dataset = useSettings((settings) => settings.dataset);
  if (singles === 0) return null;
  return (
    <p className="panel-help">
      {singles === 1 ? 'One picture' : `${count(singles)} pictures`} of unknown class{' '}
      {singles === 1 ? 'takes' : 'take'} the place of the test images of {titleOf(dataset)}.{' '}
      <button type="button" className="button small" onClick={dropSingles}>
        Back to its test images
      </button>
    </p>
  );
}
