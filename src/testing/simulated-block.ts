import { sha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { create as digestOf } from 'multiformats/hashes/digest'
import { SHA2_256 } from '../message/cid-prefix.ts'
import { text } from '../message/keys.ts'
import type { Block } from '../message/message.ts'
import type { Hashers } from '../ports.ts'
import { seededBytes } from './seeded-random.ts'

const RAW = 0x55

/** The size of a simulated block unless another is asked for. */
export const SIMULATED_BLOCK_BYTES = 100

/**
 * The block that stands for `name`: bytes that only the name and the size decide, and their true
 * CID (version 1, raw, SHA2-256).
 */
export const simulatedBlock = (name: string, byteLength = SIMULATED_BLOCK_BYTES): Block => {
  const bytes = seededBytes(`block ${name}`, byteLength)
  return { cid: CID.createV1(RAW, digestOf(SHA2_256, sha256(bytes))), bytes }
}

/** SHA2-256 alone, synchronous everywhere, so that virtual time never waits for a promise. */
export const simulatedHashers: Hashers = (code) =>
  code === SHA2_256 ? (bytes) => text(sha256(bytes)) : undefined
