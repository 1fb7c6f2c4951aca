import { useRun } from '../shared/scene.ts';

/** What a reader of a live run's numbers must know of its images: that they are not all, or not the published ones. */
export function ImagesNote() {
  const dataset = useRun((state) => state.dataset);
  const recorded = useRun((state) => state.recorded);
  if (!dataset?.note || recorded) return null;
  const note = dataset.note.charAt(0).toUpperCase() + dataset.note.slice(1);
  return (
    <section className="recorded" aria-label="About the images">
      <p>
        <strong className="badge">{dataset.title}</strong> {note}.
      </p>
    </section>
  );
}
