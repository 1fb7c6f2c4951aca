import { Backend } from '../bar/Backend.tsx';
import { ImagesMenu } from '../bar/ImagesMenu.tsx';
import { NetworkMenu } from '../bar/NetworkMenu.tsx';

/** What the Compare page races on. */
export function CompareChoices() {
  return (
    <>
      <div className="bar-choices">
        <ImagesMenu />
        <NetworkMenu />
      </div>
      <Backend />
    </>
  );
}
