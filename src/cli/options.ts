import { Argument, Option } from 'commander'
import { addresses, cidArgument } from './arguments.ts'

/** What more than one command takes. */

export const cidParameter = (): Argument =>
  new Argument('<cid>', 'what serve printed').argParser(cidArgument)

export const fromOption = (): Option =>
  new Option('--from <multiaddr...>', 'peers to ask')
    .argParser(addresses)
    .makeOptionMandatory()

export const jsonOption = (): Option =>
  new Option('--json', 'report in lines of JSON').default(false)
