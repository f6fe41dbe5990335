/**
 * The first byte of each field on the wire: `field number << 3 | wire type`. Numbers as in
 * message.proto; wire type 0 is a varint, 2 is bytes after their length.
 */
const varint = (field: number): number => field << 3
const bytes = (field: number): number => field << 3 | 2

export const MESSAGE_WANTLIST = bytes(1)
export const MESSAGE_BLOCKS = bytes(2)
export const MESSAGE_PAYLOAD = bytes(3)
export const MESSAGE_PRESENCES = bytes(4)
export const MESSAGE_PENDING_BYTES = varint(5)

export const WANTLIST_ENTRIES = bytes(1)
export const WANTLIST_FULL = varint(2)

export const ENTRY_CID = bytes(1)
export const ENTRY_PRIORITY = varint(2)
export const ENTRY_CANCEL = varint(3)
export const ENTRY_WANT_TYPE = varint(4)
export const ENTRY_SEND_DONT_HAVE = varint(5)

export const BLOCK_PREFIX = bytes(1)
export const BLOCK_DATA = bytes(2)

export const PRESENCE_CID = bytes(1)
export const PRESENCE_TYPE = varint(2)
