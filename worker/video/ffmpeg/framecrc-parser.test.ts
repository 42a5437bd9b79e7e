import { expect, it } from 'vitest'
import { FramecrcParser, type ListedPacket } from './framecrc-parser'

const OUTPUT = `#software: Lavf59.27.100
#tb 0: 1/12800
#media_type 0: video
#codec_id 0: h264
#dimensions 0: 320x240
#tb 1: 1/44100
#stream#, dts,        pts, duration,     size, hash
0,      -1024,          0,      512,     9417, 0x8ad1f34e, S=1,       16
1,          0,          0,     1024,      257, 0x00000000
0,       -512,       2048,      512,       81, 0x5a9f2cFf, F=0x4
0,          0, -9223372036854775808,  0,   70, 0x0a, F=0x0, S=1,       16
`

function parse(chunks: readonly string[]) {
  const packets: ListedPacket[] = []
  const parser = new FramecrcParser((packet) => packets.push(packet))
  for (const chunk of chunks) parser.push(Buffer.from(chunk))
  return packets
}

it('parses packets with their time bases, checksums and flags', () => {
  expect(parse([OUTPUT])).toEqual([
    {
      stream: 0,
      pts: 0,
      duration: 512,
      sizeBytes: 9417,
      checksum: 0x8ad1f34e,
      flags: 1,
      timeBase: 1 / 12800,
    },
    { stream: 1, pts: 0, duration: 1024, sizeBytes: 257, checksum: 0, flags: 1, timeBase: 1 / 44100 },
    {
      stream: 0,
      pts: 2048,
      duration: 512,
      sizeBytes: 81,
      checksum: 0x5a9f2cff,
      flags: 4,
      timeBase: 1 / 12800,
    },
    { stream: 0, pts: Number.NaN, duration: 0, sizeBytes: 70, checksum: 10, flags: 0, timeBase: 1 / 12800 },
  ])
})

it('parses output in pieces of any size', () => {
  expect(parse(OUTPUT.match(/[^]/g)!)).toEqual(parse([OUTPUT]))
  expect(parse(OUTPUT.match(/[^]{1,7}/g)!)).toEqual(parse([OUTPUT]))
})

it('ignores lines that are no packets', () => {
  expect(parse(['\n', 'x\n', '0, 1, 2\n', '# a comment\n'])).toEqual([])
})
