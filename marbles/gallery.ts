/** Draws the specifications. */
export const renderGallery = (files: readonly string[]): void => {
  throw new Error(`${files.length} files cannot be drawn yet`)
}
