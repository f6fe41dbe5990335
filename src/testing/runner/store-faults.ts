import type { StoreItem, StoreOperation } from '../marble/items.ts'

/** How slow and how broken the store is, as a lane `store` tells it. */
export interface StoreFaults {
  /** `slow`, `fail` and `ok`; others change nothing. */
  play(item: StoreItem): void
  delayMs(operation: StoreOperation): number
  failure(operation: StoreOperation, cid: string): Error | undefined
}

export const storeFaults = (): StoreFaults => {
  let slow: Extract<StoreItem, { type: 'slow' }>[] = []
  let broken: Extract<StoreItem, { type: 'fail' }>[] = []
  return {
    play (item) {
      if (item.type === 'slow') slow.push(item)
      if (item.type === 'fail') broken.push(item)
      if (item.type === 'ok') slow = broken = []
    },
    delayMs: (operation) =>
      slow.findLast((item) => (item.operation ?? operation) === operation)?.delayMs ?? 0,
    failure (operation, cid) {
      const isBroken = broken.some((item) =>
        (item.operation ?? operation) === operation && (item.cid ?? cid) === cid)
      return isBroken ? new Error(`the store cannot ${operation} ${cid}`) : undefined
    },
  }
}
