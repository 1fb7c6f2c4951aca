/** What is asked for once, however many want it. What failed is forgotten, so that the next need asks again. */
export class Once<Key, Value> {
  readonly #made = new Map<Key, Promise<Value>>();

  /** @param most how many are kept; the one that nobody wanted for longest goes first. */
  constructor(readonly most = Infinity) {}

  get(key: Key, make: () => Promise<Value>): Promise<Value> {
    const known = this.#made.get(key);
    const wanted = known ?? make();
    this.#made.delete(key);
    this.#made.set(key, wanted);
    if (known) return known;
    wanted.catch(() => this.#made.get(key) === wanted && this.#made.delete(key));
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= this.most) break;
      this.#made.delete(oldest);
    }
    return wanted;
  }

  /** What is kept under a key, without asking for it. */
  known(key: Key): Promise<Value> | null {
    return this.#made.get(key) ?? null;
  }

  forget(key: Key): void {
    this.#made.delete(key);
  }
}
