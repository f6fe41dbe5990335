import type { Decision } from '../events.ts'
import type { Stats } from '../exchange.ts'

export type Counters = { -readonly [key in keyof Stats]: number }

export const zero = (): Counters => ({
  wants: 0,
  peers: 0,
  blocksReceived: 0,
  bytesReceived: 0,
  duplicateBlocksReceived: 0,
  duplicateBytesReceived: 0,
  messagesReceived: 0,
  blocksSent: 0,
  bytesSent: 0,
  messagesSent: 0,
})

/** Counts what the diary tells. */
export const count = (stats: Counters, decision: Decision): void => {
  switch (decision.type) {
    case 'want':
      stats.wants += 1
      return
    case 'cancel':
      stats.wants -= 1
      return
    case 'peer-up':
      stats.peers += 1
      return
    case 'peer-down':
      stats.peers -= 1
      return
    case 'message':
      stats.messagesReceived += 1
      for (const { bytes } of decision.message.blocks) {
        stats.blocksReceived += 1
        stats.bytesReceived += bytes.byteLength
      }
      return
    case 'sent':
      stats.messagesSent += 1
      for (const { bytes } of decision.message.blocks) {
        stats.blocksSent += 1
        stats.bytesSent += bytes.byteLength
      }
      return
    case 'unwanted-block':
      stats.duplicateBlocksReceived += 1
      stats.duplicateBytesReceived += decision.byteLength
      return
    default:
  }
}
