/** What the address knows of a page: its id in the link, and what a person has chosen there. */
import type { StoreApi } from 'zustand';
import type { Property } from './property.ts';

/** Choices of a page under its id, as the state of a link has them. */
export type Under<Id extends string, Choices> = { readonly [Key in Id]: Choices };

/** `Part` is its part of a link's state. */
export interface AddressedPage<Id extends string, Part extends object> {
  /** As `?page=` has it. */
  readonly id: Id;
  readonly defaults: Part;
  readonly properties: readonly Property<Part>[];
  readonly current: () => Part;
  readonly take: (state: Part) => void;
  /** Calls back after every change of a choice. */
  readonly follow: (changed: () => void) => void;
}

/** A page that adds nothing of its own to the link. */
export const plainPage = <Id extends string>(id: Id): AddressedPage<Id, object> => ({
  id,
  defaults: {},
  properties: [],
  current: () => ({}),
  take: () => undefined,
  follow: () => undefined,
});

/**
 * A page whose choices are in the link.
 * @param store of the choices; what it holds at first are the defaults, which no link needs to name.
 */
export function pageWith<Id extends string, Choices extends object>(
  id: Id,
  store: Pick<StoreApi<Choices>, 'getState' | 'getInitialState' | 'setState' | 'subscribe'>,
  properties: readonly Property<Choices>[],
): AddressedPage<Id, Under<Id, Choices>> {
  // The compiler cannot know that a record of one computed key has that key.
  const under = (choices: Choices): Under<Id, Choices> => ({ [id]: choices }) as Under<Id, Choices>;
  return {
    id,
    defaults: under(store.getInitialState()),
    properties: properties.map(({ key, expected, read, write }) => ({
      key,
      expected,
      read: (state, text) => {
        const next = read(state[id], text);
        return next && under(next);
      },
      write: (state) => write(state[id]),
    })),
    current: () => under(store.getState()),
    take: (state) => store.setState(state[id]),
    follow: (changed) => void store.subscribe(changed),
  };
}
