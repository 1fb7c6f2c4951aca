/** One property of the URL, over the state that it reads and writes. */
export interface Property<State> {
  readonly key: string;
  /** Whether it may stand there several times; its text then has one value a line. */
  readonly isRepeated?: boolean;
  /** What a value may be, for the sentence that says why one was dropped. */
  readonly expected: string;
  /** The state with the value that `text` stands for; undefined when it is not allowed. */
  readonly read: (state: State, text: string) => State | undefined;
  readonly write: (state: State) => string | null;
}

/** Ties a property's type together, so that a table of them need not know it. */
export function property<State, Value>(
  key: string,
  expected: string,
  get: (state: State) => Value,
  put: (state: State, value: Value) => State,
  parse: (text: string) => Value | undefined,
  print: (value: Value) => string | null,
): Property<State> {
  return {
    key,
    expected,
    read: (state, text) => {
      const value = parse(text);
      return value === undefined ? undefined : put(state, value);
    },
    write: (state) => print(get(state)),
  };
}

/** A property that is one field of a state: `const choice = fieldOf<CompareChoices>()`. */
export function fieldOf<State extends object>() {
  return <Key extends keyof State>(
    key: string,
    name: Key,
    expected: string,
    parse: (text: string) => State[Key] | undefined,
    print: (value: State[Key]) => string | null,
  ): Property<State> =>
    property(
      key,
      expected,
      (state) => state[name],
      (state, value) => ({ ...state, [name]: value }),
      parse,
      print,
    );
}
