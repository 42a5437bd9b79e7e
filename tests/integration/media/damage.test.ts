import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ladder } from '@/lib/videos/ladder'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { LadderRun } from '@/tests/support/ladder-run'
import { findDecodingErrors } from '@/tests/support/media-analysis'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'damage-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const NOTHING: Ladder = { source: null, encodes: [], audio: [] }
async function inspect(name: MediaName) {
  const dir = await mkdtemp(path.join(root, 'run-'))
  const run = new LadderRun(await generateMedia(name), dir, () => NOTHING)
  await run.run()
  return run.info
}

/** Where the zeros are, in shares of the file of 16 s with a constant bit rate. */
async function expectDamage(name: MediaName, ...parts: [number, number][]) {
  const { damage } = await inspect(name)
  expect(damage).toHaveLength(parts.length)
  damage.forEach(({ startSeconds, endSeconds }, n) => {
    const [start, end] = parts[n]!.map((share) => share * 16) as [number, number]
    expect(Math.abs(startSeconds - start), `start in ${name}`).toBeLessThan(1.2)
    expect(endSeconds, `end in ${name}`).toBeGreaterThan(end - 1)
    // Matroska continues with the next cluster.
    expect(endSeconds, `end in ${name}`).toBeLessThan(end + 3)
  })
}

describe('damage', () => {
  it('in MP4 is located', () => expectDamage('zeroed.mp4', [0.4, 0.5]))

  it('in MP4 is encoded to renditions that decode', { tags: 'full' }, async () => {
    const run = new LadderRun(await generateMedia('zeroed.mp4'), await mkdtemp(path.join(root, 'run-')))
    await run.run()
    expect(run.info.video!.isWebSafe).toBe(false)
    expect([...run.segments.keys()].toSorted()).toEqual(['240p', 'audio-0'])
    for (const name of run.segments.keys()) {
      expect(await findDecodingErrors(run.renditionPath(name)), name).toBe('')
      const total = run.segments.get(name)!.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
      expect(total, `length of ${name}`).toBeCloseTo(16, 0)
    }
  })

  it('in Matroska is located', () => expectDamage('zeroed.mkv', [0.4, 0.5]))

  it('in a transport stream is located', () => expectDamage('zeroed.ts', [0.4, 0.5]))

  it('in two places is located', { tags: 'full' }, () =>
    expectDamage('zeroed-twice.ts', [0.2, 0.3], [0.6, 0.7]),
  )

  it.each<MediaName>(['paused.ts', 'joined.ts', 'variable-rate.mkv', 'recorded.webm'])(
    'is not found in %s, which is whole',
    async (name) => expect((await inspect(name)).damage).toEqual([]),
  )

  it.each<MediaName>([
    'cut-in-gop.ts',
    'web-safe.ts',
    'still-later.mp4',
    'slides.mp4',
    'sound-late.mp4',
    'cut-off.mp4',
  ])('is not found inside of %s', { tags: 'full' }, async (name) =>
    expect((await inspect(name)).damage).toEqual([]),
  )
})
