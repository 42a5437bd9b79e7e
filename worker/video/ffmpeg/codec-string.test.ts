import { describe, expect, it } from 'vitest'
import { readCodec } from './codec-string'

const box = (type: string, ...bytes: number[]) =>
  Buffer.concat([Buffer.from('0000moov'), Buffer.from(type), Buffer.from(bytes), Buffer.alloc(16)])

/** With a decoder configuration, as ffmpeg writes it. */
const esds = (...config: number[]) => {
  const descriptor = (tag: number) => [tag, 0x80, 0x80, 0x80, 0x20]
  const decoder = [...descriptor(4), ...Array.from({ length: 13 }, () => 0)]
  return box('esds', 0, 0, 0, 0, ...descriptor(3), 0, 1, 0, ...decoder, ...descriptor(5), ...config)
}

describe('the codec string of an init segment', () => {
  it.each([
    ['H.264 High 3.1', box('avcC', 1, 0x64, 0x00, 0x1f), 'avc1.64001f'],
    ['AV1 Main 3.1', box('av1C', 0x81, 0x05, 0x0c), 'av01.0.05M.08'],
    ['AV1 Main 4.0 with 10 bits', box('av1C', 0x81, 0x08, 0x4c), 'av01.0.08M.10'],
    ['AV1 Professional 6.0 of the high tier with 12 bits', box('av1C', 0x81, 0x50, 0xec), 'av01.2.16H.12'],
    // The examples of ISO/IEC 14496-15 and of Apple's HLS authoring specification.
    ['HEVC Main 3.1', box('hvcC', 1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93), 'hvc1.1.6.L93.90'],
    [
      'HEVC Main 10 of the high tier',
      box('hvcC', 1, 0x22, 0x20, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 150),
      'hvc1.2.4.H150.B0',
    ],
    ['HEVC with no constraints', box('hvcC', 1, 1, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30), 'hvc1.1.6.L30'],
    ['AAC', box('esds'), 'mp4a.40.2'],
    ['AAC LC', esds(0x11, 0x90, 0x56, 0xe5, 0x00), 'mp4a.40.2'],
    ['HE-AAC', esds(0x2b, 0x11, 0x88, 0x00), 'mp4a.40.5'],
    ['HE-AAC that extends AAC LC', esds(0x13, 0x10, 0x56, 0xe5, 0x98), 'mp4a.40.5'],
    ['HE-AAC v2', esds(0xeb, 0x09, 0x88, 0x00), 'mp4a.40.29'],
    ['xHE-AAC', esds(0xf9, 0x46, 0x40), 'mp4a.40.42'],
  ])('describes %s', (_name, init, expected) => {
    expect(readCodec(init)).toBe(expected)
  })
})
