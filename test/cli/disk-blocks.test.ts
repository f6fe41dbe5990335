import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { expect, test } from 'vitest'
import { DiskBlocks } from '../../src/cli/disk-blocks.ts'
import { someBytes, temporaryFolder } from './folder.ts'

const bytes = someBytes(200_000)
const cid = CID.createV1(0x55, await sha256.digest(bytes))

const piecesOf = async (blocks: DiskBlocks) => {
  const pieces: Uint8Array[] = []
  for await (const piece of blocks.get(cid)) pieces.push(Uint8Array.from(piece))
  return pieces
}

test('gives a block back in one piece, and its size without it', async () => {
  const blocks = new DiskBlocks(await temporaryFolder())
  await blocks.put(cid, bytes)
  expect(await piecesOf(blocks)).toEqual([bytes])
  expect(await blocks.size(cid)).toBe(bytes.byteLength)
})

test('says what is absent as every store does', async () => {
  const blocks = new DiskBlocks(await temporaryFolder())
  expect(await blocks.size(cid)).toBeUndefined()
  await expect(piecesOf(blocks)).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('puts one block many times at the same time', async () => {
  const folder = await temporaryFolder()
  const blocks = new DiskBlocks(folder)
  const puts = Array.from({ length: 50 }, () => blocks.put(cid, bytes))
  expect(new Set(puts).size).toBe(1)
  await puts[0]
  await blocks.put(cid, bytes)
  expect(await blocks.size(cid)).toBe(bytes.byteLength)
  expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('tmp')))
    .toEqual([])
})

test('names the store, not what is in it, when it fails', async () => {
  const store = join(await temporaryFolder(), 'store')
  await writeFile(store, 'a file')
  const blocks = new DiskBlocks(store)
  const message = `A part of the path is not a folder: check the path (${store})`
  await expect(blocks.put(cid, bytes)).rejects.toThrow(message)
  await expect(piecesOf(blocks)).rejects.toThrow(message)
  await expect(blocks.size(cid)).rejects.toThrow(message)
})
