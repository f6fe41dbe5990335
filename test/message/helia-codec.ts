/** The codec that protons generated for @helia/bitswap, as a second opinion on every byte. */
import { encodePrefix } from '../../src/message/cid-prefix.ts'
import type { OutgoingMessage, WantlistEntry } from '../../src/message/message.ts'

interface HeliaEntry {
  cid: Uint8Array
  priority: number
  cancel?: boolean
  wantType?: 'WantBlock' | 'WantHave'
  sendDontHave?: boolean
}

export interface HeliaMessage {
  wantlist: { entries: HeliaEntry[], full?: boolean }
  blocks: { prefix: Uint8Array, data: Uint8Array }[]
  blockPresences: { cid: Uint8Array, type: 'HaveBlock' | 'DoNotHaveBlock' }[]
  pendingBytes: number
}

interface HeliaCodec {
  encode(message: HeliaMessage): Uint8Array
  decode(bytes: Uint8Array): HeliaMessage
}

// The package exports its entry point only.
const path = new URL('../../node_modules/@helia/bitswap/dist/src/pb/message.js', import.meta.url)
const generated = await import(path.href) as { BitswapMessage: HeliaCodec }
export const heliaCodec = generated.BitswapMessage

const entryOf = (entry: WantlistEntry): HeliaEntry => {
  const cancel = entry.type === 'cancel'
  return {
    cid: entry.cid.bytes,
    priority: cancel ? 0 : entry.priority,
    cancel,
    wantType: entry.type === 'want-have' ? 'WantHave' : 'WantBlock',
    sendDontHave: !cancel && entry.sendDontHave,
  }
}

/** One of our messages in Helia's terms, every default spelt out. */
export const inHeliaTerms = (message: OutgoingMessage): HeliaMessage => ({
  wantlist: { entries: message.wantlist.entries.map(entryOf), full: message.wantlist.full },
  blocks: message.blocks.map(({ cid, bytes }) => ({ prefix: encodePrefix(cid), data: bytes })),
  blockPresences: message.presences.map(({ cid, type }) => ({
    cid: cid.bytes,
    type: type === 'have' ? 'HaveBlock' : 'DoNotHaveBlock',
  })),
  pendingBytes: message.pendingBytes,
})

/** The same without the defaults that we do not write and Helia does not fill in. */
export const withoutDefaults = ({ wantlist, ...rest }: HeliaMessage): unknown => ({
  ...rest,
  wantlist: {
    entries: wantlist.entries.map(({ cid, priority, cancel, wantType, sendDontHave }) => ({
      cid,
      priority,
      ...(cancel === true ? { cancel } : {}),
      ...(wantType === 'WantHave' ? { wantType } : {}),
      ...(sendDontHave === true ? { sendDontHave } : {}),
    })),
    ...(wantlist.full === true ? { full: true } : {}),
  },
})
