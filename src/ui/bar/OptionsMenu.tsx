import { later } from '../shared/later.tsx';
import { Popover } from '../shared/Popover.tsx';

const OptionsBody = later<object>(
  200,
  () => import('./OptionsBody.tsx').then((module) => module.OptionsBody),
  'The menu of options',
);

/** How many images, which seed, and where the paper and its released code differ. */
export function OptionsMenu() {
  return (
    <Popover label="Options" title="Options of the run" className="options-menu">
      <OptionsBody />
    </Popover>
  );
}
