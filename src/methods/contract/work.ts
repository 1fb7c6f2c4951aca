/** A publication, with what a bibliography needs of it. */
export interface Work {
  /** Of its entry: "gormez2022e2cm". */
  readonly key: string;
  /** "Alperen Görmez". */
  readonly authors: readonly (readonly [given: string, family: string])[];
  readonly title: string;
  readonly year: number;
  /** Where it appeared. */
  readonly venue: string;
  /** "2103.01148". */
  readonly arxiv: string;
}
