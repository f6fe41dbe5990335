import type { MarbleDocument } from '../../../src/testing/marble/document.ts'

/** What a document says, wherever it stands. */
export const withoutPositions = (document: MarbleDocument): MarbleDocument =>
  JSON.parse(
    JSON.stringify(document, (key, value: unknown) => (key === 'at' ? undefined : value)),
  ) as MarbleDocument
