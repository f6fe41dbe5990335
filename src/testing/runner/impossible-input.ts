/** An input that cannot be, or does nothing, where it stands: a fault of the document. */
export class ImpossibleInput extends Error {
  static override readonly name = 'ImpossibleInput'
  override readonly name = 'ImpossibleInput'
}
