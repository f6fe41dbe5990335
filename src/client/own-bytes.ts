/** Small blocks share buffers of this size: a buffer each would cost more than the copy. */
const SLAB_BYTES = 16 * 1024

/** A block larger than this has a buffer of its own. */
const MAX_SHARING_BYTES = 2 * 1024

/**
 * Copies what would keep much more alive than itself: a view on a frame is kept as it is only if
 * it is a third of it or more, such as one of two large blocks. Copies of at most 2 KiB are views,
 * too, on a buffer of 16 KiB that they share with others, as Node's small Buffers do.
 */
export const ownBytes = (): ((view: Uint8Array) => Uint8Array) => {
  let slab = new Uint8Array(0)
  let used = 0

  return (view) => {
    const { byteLength } = view
    if (byteLength * 3 >= view.buffer.byteLength) return view
    // Not `slice`: that of a Buffer is a view.
    if (byteLength > MAX_SHARING_BYTES) return new Uint8Array(view)
    if (used + byteLength > slab.byteLength) {
      slab = new Uint8Array(SLAB_BYTES)
      used = 0
    }
    const copy = slab.subarray(used, used + byteLength)
    copy.set(view)
    used += byteLength
    return copy
  }
}
