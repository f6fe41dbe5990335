/** A bug to plant: a change of one place in one file. */
export interface Mutant {
  readonly name: string
  /** What goes wrong, for whoever has to write the specification that notices. */
  readonly bug: string
  /** Below `src`. */
  readonly file: string
  /** Stands there exactly once. */
  readonly replace: string
  readonly by: string
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'cancel-dropped',
    bug: 'a want that ends is not taken back from those who were asked',
    file: 'client/asks.ts',
    replace: "outbox.tell(asked.peer, { type: 'cancel', cid: want.cid })",
    by: '',
  },
]
