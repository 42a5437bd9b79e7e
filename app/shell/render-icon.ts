import { crc32, deflateSync } from 'node:zlib'

type Point = readonly [x: number, y: number]
type Color = readonly [red: number, green: number, blue: number]

/** The background of the light theme. */
const BACKGROUND: Color = [0xf9, 0xfa, 0xfa]

/** The two triangles of `icon.svg`, on its grid of 32. */
const LOGO: { color: Color; corners: readonly [Point, Point, Point] }[] = [
  {
    color: [0x0f, 0x8f, 0x86],
    corners: [
      [6, 3],
      [26, 3],
      [16, 16],
    ],
  },
  {
    color: [0x14, 0xb8, 0xa6],
    corners: [
      [6, 29],
      [16, 16],
      [26, 29],
    ],
  },
]
const GRID = 32

/** Samples of a pixel in each direction, so that slopes have no steps. */
const SAMPLES = 4

/** Renders the logo in the middle of a square, for launchers that take no SVG. Returns a PNG. */
export function renderIcon({ size, logoSize }: { size: number; logoSize: number }) {
  const toGrid = (pixel: number) => ((pixel - (size - logoSize) / 2) * GRID) / logoSize
  const rows = Array.from({ length: size }, (_row, y) => [
    FILTER_NONE,
    ...Array.from({ length: size }, (_pixel, x) => mixSamples(x, y, toGrid)).flat(),
  ])
  return encodePng(size, Buffer.from(rows.flat()))
}

/** The mean color of a pixel. */
function mixSamples(x: number, y: number, toGrid: (pixel: number) => number) {
  const sum = [0, 0, 0]
  for (let sample = 0; sample < SAMPLES ** 2; sample++) {
    const point: Point = [
      toGrid(x + ((sample % SAMPLES) + 0.5) / SAMPLES),
      toGrid(y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES),
    ]
    const { color } = LOGO.find(({ corners }) => isInside(point, corners)) ?? { color: BACKGROUND }
    color.forEach((value, channel) => (sum[channel]! += value))
  }
  return sum.map((value) => Math.round(value / SAMPLES ** 2))
}

/** Whether the point is on the same side of all edges, which run clockwise. */
const isInside = ([x, y]: Point, corners: readonly Point[]) =>
  corners.every(([fromX, fromY], index) => {
    const [toX, toY] = corners[(index + 1) % corners.length]!
    return (toX - fromX) * (y - fromY) >= (toY - fromY) * (x - fromX)
  })

const FILTER_NONE = 0
const BIT_DEPTH = 8
const COLOR_TYPE_RGB = 2

/** Encodes rows of RGB pixels, each after its filter type (https://www.w3.org/TR/png-3). */
function encodePng(size: number, rows: Buffer) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([BIT_DEPTH, COLOR_TYPE_RGB], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    encodeChunk('IHDR', header),
    encodeChunk('IDAT', deflateSync(rows)),
    encodeChunk('IEND', Buffer.alloc(0)),
  ])
}

function encodeChunk(type: string, data: Buffer) {
  const typeAndData = Buffer.concat([Buffer.from(type), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(typeAndData))
  return Buffer.concat([length, typeAndData, checksum])
}
