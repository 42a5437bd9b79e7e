import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { errorCode } from '../errors'

/**
 * Reads a private file that the first process to need it creates. Processes that start at the same time read the same
 * content: the file appears at its path complete, and once.
 * @throws {Error} if the file is empty, as a crash of an earlier version may have left it
 */
export function readOrCreateFile(file: string, create: () => string) {
  const content = readIfExists(file) ?? createFile(file, create)
  if (content === '') throw new Error(`${file} is empty. Restore it from a backup, or delete it.`)
  return content
}

function createFile(file: string, create: () => string) {
  const draft = `${file}.${randomUUID()}.tmp`
  try {
    writeDurably(draft, create())
    linkSync(draft, file)
  } catch (error) {
    // Another process was faster.
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(file, 'utf8')
}

function readIfExists(file: string) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    return undefined
  }
}

function writeDurably(file: string, content: string) {
  const fd = openSync(file, 'wx', 0o600)
  try {
    writeSync(fd, content)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
