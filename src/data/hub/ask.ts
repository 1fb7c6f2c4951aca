/** Questions to the Hub, and what its refusals mean. */
import { DataError } from '../errors.ts';
import { byHand, type HubName } from './name.ts';

/** `fetch`, or what stands for it in tests. */
export type Ask = (address: string) => Promise<Response>;

/**
 * An answer of the Hub.
 * @throws DataError with a sentence that says what to do; AbortError.
 */
export async function answerOf(
  address: string,
  { id, revision }: HubName,
  ask: Ask,
): Promise<Response> {
  let response: Response;
  try {
    response = await ask(address);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new DataError(
      `The Hugging Face Hub could not be reached: there is no connection, or it does not let this page read ${id} (CORS). ` +
        byHand(id),
      { cause: error },
    );
  }
  const { ok, status } = response;
  if (ok) return response;
  const code = response.headers.get('x-error-code');
  if (code === 'GatedRepo' || status === 403)
    throw new DataError(
      `${id} is gated: its files are for who has accepted its terms on the Hub. ${byHand(id)}`,
    );
  if (code === 'RevisionNotFound' || (status === 404 && code === 'EntryNotFound'))
    throw new DataError(
      `${id} has no revision “${revision}” on the Hub, or it is not there any more. Leave out what follows the @.`,
    );
  if (status === 401 || status === 404)
    throw new DataError(
      `There is no public dataset “${id}” on the Hugging Face Hub. Expected its name as the Hub writes it, such as ylecun/mnist.`,
    );
  if (status === 429)
    throw new DataError(
      `The Hub has had too many questions from this network (429). Wait some minutes, or: ${byHand(id)}`,
    );
  throw new DataError(`The Hub answered ${status} on ${id}. Try later, or: ${byHand(id)}`);
}

/** The same, as JSON. */
export async function askHub(address: string, name: HubName, ask: Ask): Promise<unknown> {
  const response = await answerOf(address, name, ask);
  try {
    return await response.json();
  } catch {
    throw new DataError(`The Hub’s answer on ${name.id} is no JSON. ${byHand(name.id)}`);
  }
}
