import type { Export } from '../page.ts';
import { Popover } from '../shared/Popover.tsx';
import { useScene, useShown } from '../shared/scene.ts';

interface ExportMenuProps {
  readonly exports: readonly Export[];
}

/** What can be taken away. */
export function ExportMenu({ exports }: ExportMenuProps) {
  return (
    <Popover label="Export" title="Export" className="export-menu">
      {exports.map((entry) => (
        <ExportButton key={entry.label} {...entry} />
      ))}
    </Popover>
  );
}

function ExportButton({ label, isThere, take }: Export) {
  const scene = useScene();
  const disabled = !useShown(isThere);
  return (
    <button
      type="button"
      className="button quiet"
      disabled={disabled}
      onClick={() => void take(scene)}
    >
      {label}
    </button>
  );
}
