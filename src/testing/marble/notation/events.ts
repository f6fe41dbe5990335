import type { CID } from 'multiformats/cid'
import type { BitswapEvent } from '../../../events.ts'

/** The entries of the diary, and whether they are about a CID. */
export const EVENTS: {
  readonly [E in BitswapEvent as E['type']]: E extends { readonly cid: CID } ? true : false
} = {
  'peer-up': false,
  'peer-down': false,
  message: false,
  sent: false,
  'send-failed': false,
  'peer-fault': false,
  want: true,
  cancel: true,
  'peer-chosen': true,
  'peer-left': true,
  exhausted: true,
  block: true,
  'unwanted-block': false,
  'store-failed': true,
  subscribed: true,
  unsubscribed: true,
  delivered: true,
  'gave-up': true,
  notify: true,
}

export const isEvent = (name: string): name is keyof typeof EVENTS => Object.hasOwn(EVENTS, name)
