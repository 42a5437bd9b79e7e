import { expect, it } from 'vitest'
import { resolveChapters } from './resolve-chapters'

const DURATION_SECONDS = 60

/** The chapters that result from start times, which are also the titles. */
function resolve(times: (number | string)[], clockStart?: number) {
  const chapters = times.map((time) => ({ start_time: String(time), tags: { title: `at ${time}` } }))
  const format = { format_name: 'mov', start_time: clockStart }
  return resolveChapters({ chapters, format }, DURATION_SECONDS)
}
const starts = (...input: Parameters<typeof resolve>) => resolve(...input).map((one) => one.startSeconds)

it('orders chapters, each up to the next one and the last one up to the end', () => {
  expect(resolve([20, 0, 40])).toEqual([
    { startSeconds: 0, endSeconds: 20, title: 'at 0' },
    { startSeconds: 20, endSeconds: 40, title: 'at 20' },
    { startSeconds: 40, endSeconds: 60, title: 'at 40' },
  ])
})

it('leaves out chapters at or beyond the end, at the time of another one, and without a time', () => {
  expect(starts([0, 10, 10.05, 30, 60, 59.95, 1e9, 'N/A', 'nan', 'inf', ''])).toEqual([0, 10, 30])
})

it('keeps a title that only the second of two chapters at the same time has', () => {
  const chapters = [{ start_time: '5' }, { start_time: '5', tags: { title: 'Part 1' } }]
  const [only, ...others] = resolveChapters({ chapters, format: { format_name: 'mov' } }, DURATION_SECONDS)
  expect(only).toEqual({ startSeconds: 5, endSeconds: 60, title: 'Part 1' })
  expect(others).toEqual([])
})

it('starts a chapter with a negative time at 0', () => {
  expect(starts([-5, 10])).toEqual([0, 10])
})

it('counts from the start of a clock that starts late', () => {
  expect(starts([3600, 3620], 3600)).toEqual([0, 20])
  expect(starts([35, 50], 30)).toEqual([5, 20])
})

it('counts from 0 if a chapter precedes the start of the clock', () => {
  expect(starts([0, 20], 3600)).toEqual([0, 20])
  expect(starts([0, 20, 40], 30)).toEqual([0, 20, 40])
})

it('does not shift chapters by the delay of an encoder', () => {
  expect(starts([0, 20], 0.025)).toEqual([0, 20])
})

it('counts from the first chapter if all are beyond the end', () => {
  expect(starts([3600, 3620])).toEqual([0, 20])
})

it('keeps 1,000 chapters, the last of them up to the end', () => {
  const chapters = resolveChapters(
    {
      chapters: Array.from({ length: 5_000 }, (_, n) => ({ start_time: String(n) })),
      format: { format_name: 'mov' },
    },
    10_000,
  )
  expect(chapters).toHaveLength(1_000)
  expect(chapters.at(-1)).toEqual({ startSeconds: 999, endSeconds: 10_000, title: 'Chapter 1000' })
})

it('bounds titles, replaces control characters and numbers chapters without a title', () => {
  const titles = [`a\0\u001b[2J\u202eb`, 'x'.repeat(1_000_000), '\n\t', undefined]
  const chapters = titles.map((title, n) => ({ start_time: String(n), tags: title ? { title } : undefined }))
  const resolved = resolveChapters({ chapters, format: { format_name: 'mov' } }, DURATION_SECONDS)
  expect(resolved.map(({ title }) => title)).toEqual(['a [2J b', 'x'.repeat(200), 'Chapter 3', 'Chapter 4'])
})

it('returns none for a file without chapters', () => {
  expect(resolve([])).toEqual([])
})
