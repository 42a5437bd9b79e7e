import { expect, it } from 'vitest'
import { NO_METADATA } from '@/lib/videos/media-info'
import { readDate, readMetadata } from './read-metadata'

const read = (tags: Record<string, string>, demuxer = 'mov') =>
  readMetadata({ demuxer, format: { format_name: demuxer, tags }, streams: [] })

it('reads tags in any case, and prefers a description to a comment', () => {
  const tags = { title: 'A', ARTIST: 'B', Album: 'C', DATE: '1999', COMMENT: 'D', description: 'E' }
  expect(read(tags)).toEqual({ title: 'A', artist: 'B', album: 'C', date: '1999', description: 'E' })
  expect(read({})).toEqual(NO_METADATA)
})

it('reads the tags of the first stream of Ogg, and of no other container', () => {
  const streams = [
    { index: 0, codec_name: 'opus', codec_tag_string: '', has_b_frames: 0, tags: { title: 'A' } },
  ]
  const readFrom = (demuxer: string) =>
    readMetadata({ demuxer, format: { format_name: demuxer }, streams }).title
  expect([readFrom('ogg'), readFrom('matroska')]).toEqual(['A', null])
})

it('bounds values, and replaces control characters', () => {
  const { title, description } = read({ title: 'x'.repeat(1e6), comment: `a\0b\n${'🎬'.repeat(1e5)}` })
  expect(title).toBe('x'.repeat(200))
  expect(description).toMatch(/^a b\n🎬+$/u)
  expect(description!.length).toBeLessThanOrEqual(1_000)
  expect(read({ title: '\u0007 ' }).title).toBeNull()
})

it.each([
  ['2024', '2024'],
  ['2024-02', '2024-02'],
  ['2024-2-9', '2024-02-09'],
  ['20240229', '2024-02-29'],
  ['2024:02:29 14:03:11', '2024-02-29T14:03:11'],
  ['2024-02-29T14:03:11+0200', '2024-02-29T14:03:11+02:00'],
  ['2024-02-29T14:03:11.000000Z', '2024-02-29T14:03:11Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29'],
])('normalizes the date %s to %s', (stated, normalized) => {
  expect(readDate(stated)).toBe(normalized)
})

it.each([
  '05/07/2024',
  '7.5.24',
  '2023-02-29',
  '2024-13-01',
  '20241301',
  '2024-02-29T25:00:00',
  '0000',
  'May',
])('keeps the date %s as it is stated', (stated) => {
  expect(readDate(stated)).toBe(stated)
})

it('reads when a camera recorded the file, unless its clock was not set', () => {
  const recorded = { creation_time: '2024-02-29T14:03:11.000000Z' }
  expect(read(recorded).date).toBe('2024-02-29T14:03:11Z')
  expect(read({ ...recorded, date: '1967' }).date).toBe('1967')
  const local = { ...recorded, 'com.apple.quicktime.creationdate': '2024-02-29T16:03:11+0200' }
  expect(read(local).date).toBe('2024-02-29T16:03:11+02:00')
  expect(read({ creation_time: '1970-01-01T00:00:00.000000Z' }).date).toBeNull()
})
