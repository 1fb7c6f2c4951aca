import { isDatasetId } from '../../data/catalogue.ts';
import { titleOf } from '../../state/lease/images.ts';
import { useSettings } from '../../state/settings.ts';
import { later } from '../shared/later.tsx';
import { Popover } from '../shared/Popover.tsx';
import { useOpenedHead } from '../shared/scene.ts';

const ImagesBody = later<object>(
  400,
  () => import('./ImagesBody.tsx').then((module) => module.ImagesBody),
  'The menu of images',
);

/** Which images: what is here, and how to bring what is not. */
export function ImagesMenu() {
  const chosen = useSettings((settings) => settings.dataset);
  const opened = useOpenedHead();
  const shown = opened?.dataset ?? chosen;
  const title = opened && !isDatasetId(shown) ? shown : titleOf(shown);
  return (
    <Popover
      label={
        <>
          <span className="choice-name">Images</span> <b>{title}</b>{' '}
          <span aria-hidden="true">▾</span>
        </>
      }
      title="Images"
      className="images-menu"
    >
      <ImagesBody />
    </Popover>
  );
}
