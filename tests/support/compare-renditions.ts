import { mkdtemp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import { readFrames, readPictures } from './media-analysis'

const THUMBNAIL = { width: 32, height: 18 }
/** Of brightness, from 0 to 255. */
const MAX_MEAN_DIFFERENCE = 4

interface Options {
  name: string
  /** The init segment and all segments. */
  rendition: Buffer
  expected: Buffer
  /** The init segment of `expected`. */
  init: Buffer
  /** For temporary files. */
  dir: string
}

/**
 * Expects the same bytes; of encoded pictures at least the same init segment, and as many pictures at the same times that
 * look alike: at the limit of its bitrate, x264 decides by how far its threads are.
 */
export async function expectSameRendition({ name, rendition, expected, init, dir }: Options) {
  if (rendition.equals(expected)) return
  expect(name, 'other bytes').toMatch(/^\d+p$/)
  expect(rendition.subarray(0, init.length).equals(init), `init segment of ${name}`).toBe(true)
  const folder = await mkdtemp(path.join(dir, 'compare-'))
  const read = async (file: string, data: Buffer) => {
    await writeFile(path.join(folder, file), data)
    const times = (await readFrames(path.join(folder, file))).map(({ seconds }) => seconds)
    return { times, pictures: await readPictures(path.join(folder, file), THUMBNAIL) }
  }
  const [actual, wanted] = [await read('actual.mp4', rendition), await read('expected.mp4', expected)]
  expect(actual.times, name).toEqual(wanted.times)
  expect(actual.pictures).toHaveLength(wanted.pictures.length)
  actual.pictures.forEach((picture, n) => expectAlike(picture, wanted.pictures[n]!, `${name}, frame ${n}`))
}

export function expectAlike(picture: Buffer, expected: Buffer, message: string) {
  const difference = picture.reduce((sum, luma, at) => sum + Math.abs(luma - expected[at]!), 0)
  expect(difference / picture.length, message).toBeLessThan(MAX_MEAN_DIFFERENCE)
}
