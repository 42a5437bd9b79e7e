import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { generateMedia } from './generate-media'

/** A file that attacks the server which processes it, and what its tasks must end with. */
interface HostileFile {
  filename: string
  create(): Promise<Buffer>
  /** The code of the error of its tasks; null if they are done. */
  code: string | null
  message?: string
  /** Takes seconds. */
  isSlow?: boolean
}

const CLIP = '-f lavfi -i testsrc2=s=160x120:r=10:d=1 -f lavfi -i sine=f=440:d=1'
const H264_AAC = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac'
/** So that it is no plain text, which would be refused by its first bytes. */
const CONTROL_CHARACTER = '#\u0001\n'
const SCRIPT = '<script>alert(document.cookie)</script>'

/** Files of twelve kinds. `address` is one that must not be opened. */
export const hostileFiles = (address: string): Record<string, HostileFile> => ({
  'a playlist that opens an address and a file': {
    filename: 'playlist.mp4',
    create: async () =>
      Buffer.from(
        `#EXTM3U\n${CONTROL_CHARACTER}#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}/a.ts\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
      ),
    code: 'video.not_media',
    message: 'This is not a video or audio file.',
  },
  'a script of the concat demuxer': {
    filename: 'list.mkv',
    create: async () =>
      Buffer.from(`ffconcat version 1.0\n${CONTROL_CHARACTER}file '/etc/passwd'\nfile '${address}/a.ts'\n`),
    code: 'video.not_media',
    message: 'This is not a video or audio file.',
  },
  'a video whose samples are in another file': {
    filename: 'reference.mov',
    create: async () => withAlias(await encode(`${CLIP} -an -c:v mjpeg`, 'mov'), '/etc/passwd'),
    code: 'video.unreadable',
    message: 'This file could not be read: it contains no frames.',
  },
  'gigantic pictures': {
    filename: 'gigantic.gif',
    create: async () => {
      const bytes = await encode('-f lavfi -i testsrc2=s=16x16:d=1:r=2', 'gif')
      bytes.fill(0xff, 6, 10)
      return bytes
    },
    code: 'video.no_streams',
    message: 'The video and audio in this file are in an unsupported format.',
  },
  'pictures that are a thousand times larger than the file': {
    filename: 'bomb.gif',
    isSlow: true,
    create: () => encode('-f lavfi -i color=teal:s=4000x4000:r=1:d=2', 'gif'),
    code: null,
  },
  'an endless duration': {
    filename: 'endless.mkv',
    create: async () => readFile(await generateMedia('endless.mkv')),
    code: 'video.too_long',
  },
  'thousands of tracks': {
    filename: 'tracks.mp4',
    create: async () => repeatTrack(await encode(`${CLIP} ${H264_AAC}`, 'mp4'), 3_000),
    code: 'video.unreadable',
  },
  'megabytes of chapters and titles': {
    filename: 'chapters.mkv',
    isSlow: true,
    create: async () => {
      const chapters = Array.from(
        { length: 10_000 },
        (_, n) => `[CHAPTER]\nTIMEBASE=1/10000\nSTART=${n}\nEND=${n + 1}\ntitle=${'x'.repeat(1_000)}\n`,
      )
      const metadata = `;FFMETADATA1\ntitle=${'y'.repeat(1_000_000)}\n${chapters.join('')}`
      return encode(`${CLIP} -i METADATA -map 0 -map 1 -map_metadata 2 ${H264_AAC}`, 'matroska', metadata)
    },
    code: null,
  },
  'times beyond the range of numbers': {
    filename: 'times.mp4',
    create: async () => {
      const bytes = await encode(`${CLIP} ${H264_AAC} -use_editlist 0`, 'mp4')
      // One unit is a second, and a picture is shown for eight years.
      for (let at = bytes.indexOf('mdhd'); at >= 0; at = bytes.indexOf('mdhd', at + 1))
        bytes.writeUInt32BE(1, at + 16)
      for (let at = bytes.indexOf('stts'); at >= 0; at = bytes.indexOf('stts', at + 1))
        bytes.writeUInt32BE(0x0fff_ffff, at + 16)
      return bytes
    },
    code: 'video.too_long',
  },
  'tracks without frames': {
    filename: 'empty.mp4',
    create: async () => {
      const bytes = await encode(`${CLIP} ${H264_AAC} -movflags empty_moov`, 'mp4')
      return bytes.subarray(0, bytes.indexOf('moof') - 4)
    },
    code: 'video.unreadable',
    message: 'This file could not be read: it contains no frames.',
  },
  'boxes in boxes': {
    filename: 'nested.mp4',
    create: async () => {
      const clip = await encode(`${CLIP} ${H264_AAC}`, 'mp4')
      const depth = 100_000
      const boxes = Array.from({ length: depth }, (_, n) => boxHeader(8 * (depth - n), 'moov'))
      return Buffer.concat([clip.subarray(0, clip.readUInt32BE(0)), ...boxes])
    },
    code: 'video.unreadable',
  },
  'a page that is a video too': {
    filename: 'page.html',
    create: async () => {
      const clip = await encode(`${CLIP} ${H264_AAC} -metadata service_name=${SCRIPT}`, 'mpegts')
      return Buffer.concat([Buffer.from(`<!doctype html><title>${SCRIPT}</title>`), clip])
    },
    code: null,
  },
})

function boxHeader(size: number, type: string) {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(size)
  header.write(type, 4, 'latin1')
  return header
}

async function encode(recipe: string, format: string, metadata?: string) {
  const dir = await mkdtemp(path.join(tmpdir(), 'hostile-'))
  const [from, to] = [path.join(dir, 'metadata.txt'), path.join(dir, 'output')]
  try {
    if (metadata) await writeFile(from, metadata)
    const args = recipe.split(' ').map((word) => (word === 'METADATA' ? from : word))
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', ...args, '-f', format, to])
    return await readFile(to)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** Inserts bytes into a file whose header is at its end, and corrects the sizes of the boxes around them. */
function insertBytes(file: Buffer, { at, bytes, boxes }: { at: number; bytes: Buffer; boxes: string[] }) {
  const result = Buffer.concat([file.subarray(0, at), bytes, file.subarray(at)])
  for (const type of boxes) {
    const box = file.lastIndexOf(type, at) - 4
    result.writeUInt32BE(file.readUInt32BE(box) + bytes.length, box)
  }
  return result
}

/** Appends copies of the last track. */
function repeatTrack(file: Buffer, times: number) {
  const at = file.lastIndexOf('trak') - 4
  const size = file.readUInt32BE(at)
  const copies = Buffer.concat(Array.from({ length: times }, () => file.subarray(at, at + size)))
  return insertBytes(file, { at: at + size, bytes: copies, boxes: ['moov'] })
}

/** Adds a reference to another file to the first track, which then refers to it (QuickTime File Format, "alis"). */
function withAlias(file: Buffer, target: string) {
  const name = Buffer.alloc(target.length + (target.length % 2))
  name.write(target)
  const alias = Buffer.alloc(12 + 150)
  const end = Buffer.from([0, 2, 0, target.length, ...name, 0xff, 0xff, 0, 0])
  const record = Buffer.concat([alias, end])
  record.writeUInt32BE(record.length)
  record.write('alis', 4, 'latin1')
  const dref = file.indexOf('dref', file.indexOf('moov'))
  const entry = dref + 12
  const changed = insertBytes(file, {
    at: entry,
    bytes: record,
    boxes: ['dref', 'dinf', 'minf', 'mdia', 'trak', 'moov'],
  })
  changed.writeUInt32BE(file.readUInt32BE(dref + 8) + 1, dref + 8)
  return changed
}
