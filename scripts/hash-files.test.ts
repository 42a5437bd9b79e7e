import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { SERVER_SOURCES } from './server-build.mjs'
import { hashFiles, root } from './setup.mjs'

it('builds the server again when only generated code has changed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meanwhile-hash-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(path.join(folder, 'generated'))
  const generate = (text: string) => writeFileSync(path.join(folder, 'generated/client.ts'), text)
  const sources = path.relative(root, folder)
  const hash = (...paths: string[]) => hashFiles(paths)
  generate('1')
  const [without, withGenerated] = [hash(sources), hash(sources, `${sources}/generated`)]
  generate('2')
  expect(hash(sources)).toBe(without)
  expect(hash(sources, `${sources}/generated`)).not.toBe(withGenerated)
  expect(SERVER_SOURCES).toContain('lib/generated')
})
