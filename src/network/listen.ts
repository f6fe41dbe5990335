import type { MessageStreamEvents } from '@libp2p/interface'

type Listeners = {
  readonly [K in keyof MessageStreamEvents]?: (event: MessageStreamEvents[K]) => void
}

/** Hears a stream or a connection until the function that it returns is called. */
export const listen = (target: EventTarget, listeners: Listeners): (() => void) => {
  // `Listeners` has seen to it that names and listeners match.
  const pairs = Object.entries(listeners) as [string, (event: Event) => void][]
  for (const [type, listener] of pairs) target.addEventListener(type, listener)
  return () => {
    for (const [type, listener] of pairs) target.removeEventListener(type, listener)
  }
}
