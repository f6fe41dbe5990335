import { setTimeout as sleep } from 'node:timers/promises'

/** For what has no event that every contender shares. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(5)
}
