import type { Session } from '../../exchange.ts'
import { ImpossibleInput } from './impossible-input.ts'
import type { Stage } from './stage.ts'

/** The sessions of a run, shared by its subscribers. */
export interface Sessions {
  open(name: string): void
  /** Also one that is closed. */
  of(name: string): Session
  close(name: string): void
}

export const sessionsOf = ({ document, exchange, cast }: Stage): Sessions => {
  const sessions = new Map<string, Session>()
  const opened = new Set<string>()

  const of = (name: string): Session => {
    const session = sessions.get(name)
    const why = `session ${name} is used before it is opened: write ^${name} first`
    if (session === undefined) throw new ImpossibleInput(why)
    return session
  }

  return {
    open (name) {
      const declared = document.sessions.find((session) => session.name === name)
      if (declared === undefined) throw new Error(`No session is called ${name}`)
      if (opened.has(name)) throw new ImpossibleInput(`session ${name} is open already`)
      const { peers, providers, discovery } = declared
      opened.add(name)
      sessions.set(name, exchange.session({
        ...(peers.length > 0 && { peers: peers.map(cast.peer) }),
        ...(providers.length > 0 && { providers: providers.map(cast.peer) }),
        discovery,
      }))
    },
    of,
    close (name) {
      const session = of(name)
      if (!opened.delete(name)) throw new ImpossibleInput(`session ${name} is closed already`)
      session.close()
    },
  }
}
