/**
 * The first byte of each field on the wire: `field number << 3 | wire type`. Numbers as in
 * message.proto; wire type 0 is a varint, 2 is bytes after their length.
 */
export const MESSAGE_WANTLIST = 1 << 3 | 2
export const MESSAGE_BLOCKS = 2 << 3 | 2
export const MESSAGE_PAYLOAD = 3 << 3 | 2
export const MESSAGE_PRESENCES = 4 << 3 | 2
export const MESSAGE_PENDING_BYTES = 5 << 3

export const WANTLIST_ENTRIES = 1 << 3 | 2
export const WANTLIST_FULL = 2 << 3

export const ENTRY_CID = 1 << 3 | 2
export const ENTRY_PRIORITY = 2 << 3
export const ENTRY_CANCEL = 3 << 3
export const ENTRY_WANT_TYPE = 4 << 3
export const ENTRY_SEND_DONT_HAVE = 5 << 3

export const BLOCK_PREFIX = 1 << 3 | 2
export const BLOCK_DATA = 2 << 3 | 2

export const PRESENCE_CID = 1 << 3 | 2
export const PRESENCE_TYPE = 2 << 3
