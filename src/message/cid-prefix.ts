/** What a block says of its CID on the wire: everything but the digest. Spec 1.1, `Block.prefix`. */
export interface CidPrefix {
  readonly version: number
  readonly codec: number
  readonly hashCode: number
  /** Bytes of the digest. */
  readonly digestLength: number
}
