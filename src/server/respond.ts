import type { WantEntry } from '../message/message.ts'
import type { TaskType } from './task.ts'

/**
 * What the store says of a block: the block itself or its size in bytes if that was asked, or that
 * it is there, or not.
 * `failed` if it could not say: to call such a block absent might be a lie.
 */
export type Finding = Uint8Array | number | 'present' | 'absent' | 'failed'

/**
 * The answer to a want. A want-have for a small block is answered with the block: a HAVE would cost
 * a round trip more. Nothing is said of an absent block unless the peer asked for that.
 */
export const respond = (
  want: WantEntry,
  finding: Finding,
  replaceHaveMaxBytes: number,
): TaskType | undefined => {
  if (finding === 'failed') return undefined
  if (finding === 'absent') return want.sendDontHave ? 'dont-have' : undefined
  switch (want.type) {
    case 'want-block':
      return 'block'
    case 'want-have':
      return typeof finding === 'number' && finding <= replaceHaveMaxBytes ? 'block' : 'have'
    default:
      return want.type satisfies never
  }
}
