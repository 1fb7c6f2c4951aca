import { useSettings } from '../../state/settings.ts';
import { OWN } from '../../state/lease/images.ts';
import { ownHub, using } from '../shared/takeAway.ts';

/** A dataset of the Hugging Face Hub, by name. */
export function FromHub() {
  const hub = useSettings(({ dataset, hub: name }) => (dataset === OWN ? name : null));
  return (
    <form
      className="open-files"
      aria-label="Hugging Face Hub"
      onSubmit={(event) => {
        event.preventDefault();
        const name = new FormData(event.currentTarget).get('hub');
        if (typeof name === 'string' && name.trim() !== '')
          void using(ownHub, ({ openHub }) => openHub(name));
      }}
    >
      <label className="field">
        Hugging Face Hub
        <input
          name="hub"
          key={hub}
          defaultValue={hub ?? ''}
          placeholder="owner/name"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
        />
      </label>{' '}
      <button type="submit" className="button">
        Fetch
      </button>
      <p className="panel-help">
        Pictures with labels, such as ylecun/mnist. Its parquet files come straight from
        huggingface.co to this browser, at the commit of today, and are kept here. Where they cannot
        be fetched: download a .parquet file and drop it.
      </p>
    </form>
  );
}
