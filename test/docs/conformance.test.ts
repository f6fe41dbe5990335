import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { marbleFiles } from '../../marbles/files.ts'
import { ROOT } from './samples.ts'

const text = readFileSync(`${ROOT}docs/conformance.md`, 'utf8')
const links = [...text.matchAll(/\[([^\]]*)\]\(([^)]+)\)/g)]
  .map(([, name, path]) => ({ name: name!, path: path! }))
const rows = text.split('\n').filter((line) => line.startsWith('| '))

describe('docs/conformance.md', () => {
  it('names files that exist', () => {
    const missing = links.filter(({ path }) => !existsSync(`${ROOT}docs/${path}`))
    expect(missing).toEqual([])
  })

  it('calls them what they are called', () => {
    const pathsOf = (name: string) => [`../${name}.test.ts`, `../marbles/${name}.marble`]
    const misnamed = links.filter(({ name, path }) =>
      path.startsWith('../') && !pathsOf(name).includes(path))
    expect(misnamed).toEqual([])
  })

  it('leaves no specification out', () => {
    const named = new Set(links.map(({ path }) => path))
    expect(marbleFiles().filter((file) => !named.has(`../marbles/${file}`))).toEqual([])
  })

  it('has a proof or a reason in every row', () => {
    const proof = /\]\(|\*not ours\*: .|\*later\*: .|^-+$|^proof$/
    const bare = rows.filter((row) => !proof.test(row.split('|').at(-2)!.trim()))
    expect(bare).toEqual([])
  })
})
