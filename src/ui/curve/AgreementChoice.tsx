import { pairingOf, type Pairing } from '../../core/pairing.ts';
import { agreement } from '../../methods/parts/options/agreement.ts';
import { chooseAgreement } from '../../state/explore/run.ts';
import { givenTrace } from '../../state/scene/derive.ts';
import { useShown } from '../shared/scene.ts';

/** How the two judges of the trace on screen go together; nothing where there is one. */
export function AgreementChoice() {
  const pairing = useShown((state) => {
    const given = givenTrace(state);
    return given && pairingOf(given);
  });
  if (!pairing) return null;
  return (
    <label className="field small" title={agreement.help}>
      An image leaves
      <select
        value={pairing}
        onChange={(event) => void chooseAgreement(event.target.value as Pairing)}
      >
        {agreement.control.choices.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
