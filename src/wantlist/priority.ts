/**
 * int32: the request's priority in the upper bits, the order of asking in the lower 20, so that a
 * server that shuffles equal priorities still answers in order. boxo counts down likewise.
 */
export const wirePriority = (priority: number, count: number): number => {
  const level = Math.max(-MAX_PRIORITY - 1, Math.min(MAX_PRIORITY, Math.trunc(priority) || 0))
  return level * ORDER_RANGE + (ORDER_RANGE - 1 - (count % ORDER_RANGE))
}

const MAX_PRIORITY = 2 ** 11 - 1
const ORDER_RANGE = 2 ** 20
