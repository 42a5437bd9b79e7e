// Over 200 lines because all that tests read from media is in one place.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)
const readOutputLines = async (program: string, args: string[]) => {
  const { stdout } = await execFileAsync(program, ['-v', 'error', ...args], { maxBuffer: 64 * 1024 ** 2 })
  return stdout.trim().split('\n').filter(Boolean)
}

/** Returns the warnings and errors that ffmpeg reports when it decodes a file completely. */
export async function findDecodingErrors(file: string) {
  const { stderr } = await execFileAsync('ffmpeg', [
    '-v',
    'warning',
    '-nostdin',
    '-i',
    file,
    '-f',
    'null',
    '-',
  ])
  return stderr.trim()
}

/** Returns the decode time of each fragment in seconds, from its `tfdt` box (ISO/IEC 14496-12, 8.8.12). */
export async function readDecodeTimes(file: string) {
  const bytes = await readFile(file)
  const header = bytes.indexOf('mdhd')
  const timescale = bytes.readUInt32BE(header + (bytes[header + 4] === 1 ? 24 : 16))
  const times: number[] = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) !== 'moof') continue
    const tfdt = bytes.indexOf('tfdt', at)
    times.push(
      (bytes[tfdt + 4] === 1 ? Number(bytes.readBigUInt64BE(tfdt + 8)) : bytes.readUInt32BE(tfdt + 8)) /
        timescale,
    )
  }
  return times
}

/** Returns the frames in presentation order: time in seconds, and whether each is a key frame. */
export async function readFrames(file: string) {
  const found = await readOutputLines('ffprobe', [
    '-select_streams',
    'v',
    '-show_entries',
    'packet=pts_time,flags',
    '-of',
    'csv=p=0',
    file,
  ])
  return found
    .map((line) => line.split(','))
    .map(([time, flags]) => ({ seconds: Number(time), isKeyframe: flags!.startsWith('K') }))
    .toSorted((a, b) => a.seconds - b.seconds)
}

/** Returns the checksum of each packet of the first video track, in decode order. */
export const hashPackets = (file: string) =>
  readOutputLines('ffprobe', [
    '-select_streams',
    'v',
    '-show_data_hash',
    'md5',
    '-show_entries',
    'packet=data_hash',
    '-of',
    'csv=p=0',
    file,
  ])

/** Returns the seconds between the decode times of successive video packets. */
export async function readDecodeSteps(file: string) {
  const entries = ['-show_entries', 'packet=dts_time', '-of', 'csv=p=0']
  const times = (await readOutputLines('ffprobe', ['-select_streams', 'v', ...entries, file])).map(Number)
  return times.slice(1).map((time, n) => time - times[n]!)
}

/** Decodes a video to gray pictures of `width` × `height` pixels. */
export async function readPictures(file: string, { width, height }: { width: number; height: number }) {
  const filter = `scale=${width}:${height}:flags=area,format=gray`
  const args = ['-v', 'error', '-i', file, '-vf', filter, '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1']
  const { stdout } = await execFileAsync('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2 })
  const size = width * height
  return Array.from({ length: stdout.length / size }, (_, n) => stdout.subarray(n * size, (n + 1) * size))
}

export async function readStreams(file: string) {
  const entries =
    'stream=codec_name,codec_type,channels,width,height,sample_aspect_ratio,pix_fmt,field_order,color_transfer,r_frame_rate,avg_frame_rate,start_time,duration:stream_tags=language,handler_name'
  const { stdout } = await execFileAsync('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    entries,
    '-of',
    'json',
    file,
  ])
  return (JSON.parse(stdout) as { streams: ({ tags?: object } & Record<string, string | number>)[] }).streams
}

/** Returns the mean red, green and blue of the first picture, 0 to 255, after `filter`. */
export async function readAverageColors(file: string, filter = 'null') {
  const args = [
    '-v',
    'error',
    '-i',
    file,
    '-vf',
    `${filter},scale=1:1:flags=area,format=rgb24`,
    '-frames:v',
    '1',
  ]
  const { stdout } = await execFileAsync('ffmpeg', [...args, '-f', 'rawvideo', 'pipe:1'], {
    encoding: 'buffer',
  })
  return [...stdout]
}

/** Returns the times in seconds at which the video turns white. */
export const findFlashes = async (file: string) =>
  findRisingEdges(await readFrameTags(`movie=${file},signalstats`, 'lavfi.signalstats.YAVG'), 128)

/** Returns the times in seconds at which a sound starts, accurate to 5 ms. */
export const findBeeps = async (file: string) =>
  findRisingEdges(
    await readFrameTags(
      `amovie=${file},asetnsamples=n=240,astats=metadata=1:reset=1`,
      'lavfi.astats.Overall.Peak_level',
    ),
    -20,
  )

/**
 * Returns the time in seconds of the loudest sample in each second, exact to one sample.
 * @throws {Error} if the packets of the audio track leave a gap or overlap
 */
export async function findClicks(file: string) {
  const entries = ['-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0']
  const packets = await readOutputLines('ffprobe', ['-select_streams', 'a:0', ...entries, file])
  const times = packets.map((line) => line.split(',').map(Number))
  times.forEach(([start], n) => {
    const [before, duration] = times[n - 1] ?? [start! - times[0]![1]!, times[0]![1]!]
    const gap = start! - before! - duration!
    if (Math.abs(gap) > 0.0001) throw new Error(`a gap of ${gap} s at ${start} s`)
  })
  const format = ['-map', '0:a:0', '-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1']
  const { stdout } = await execFileAsync('ffmpeg', ['-v', 'error', '-i', file, ...format], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 ** 2,
  })
  const startSeconds = times[0]![0]!
  const loudest = new Map<number, { seconds: number; level: number }>()
  for (let n = 0; n < stdout.length / 2; n++) {
    const seconds = startSeconds + n / 48_000
    const level = Math.abs(stdout.readInt16LE(2 * n))
    if (level > (loudest.get(Math.round(seconds))?.level ?? 1_000))
      loudest.set(Math.round(seconds), { seconds, level })
  }
  return [...loudest.values()].map(({ seconds }) => seconds)
}

/**
 * Returns for each channel of the sound the loudest of some tones, in hertz, and whether it is at least 20 dB louder than
 * the others. Reads one second from `fromSeconds` on, decoded at 8 kHz.
 */
export async function findTones(
  file: string,
  options: { hertz: number[]; channels: number; fromSeconds: number },
) {
  const { hertz, channels, fromSeconds } = options
  const rate = 8_000
  const cut = `aresample=${rate},asetpts=PTS-STARTPTS,atrim=start=${fromSeconds}:duration=1`
  const args = ['-v', 'error', '-i', file, '-map', '0:a:0', '-af', cut, '-f', 'f32le', 'pipe:1']
  const { stdout } = await execFileAsync('ffmpeg', args, { encoding: 'buffer', maxBuffer: 16 * 1024 ** 2 })
  const count = stdout.length / 4 / channels
  const amplitude = (channel: number, frequency: number) => {
    let [sine, cosine] = [0, 0]
    for (let n = 0; n < count; n++) {
      const value = stdout.readFloatLE(4 * (n * channels + channel))
      sine += value * Math.sin((2 * Math.PI * frequency * n) / rate)
      cosine += value * Math.cos((2 * Math.PI * frequency * n) / rate)
    }
    return Math.hypot(sine, cosine) / count
  }
  return Array.from({ length: channels }, (_, channel) => {
    const found = hertz.map((frequency) => ({ frequency, level: amplitude(channel, frequency) }))
    const [first, second] = found.toSorted((a, b) => b.level - a.level)
    return first!.level > 10 * second!.level ? first!.frequency : null
  })
}

/** Returns the mean brightness of each frame, or of a part of it (`crop` in ffmpeg syntax). */
export async function measureBrightness(file: string, crop?: string) {
  const found = await readFrameTags(
    `movie=${file},${crop ? `crop=${crop},` : ''}signalstats`,
    'lavfi.signalstats.YAVG',
  )
  return found.map(({ value }) => value)
}

async function readFrameTags(graph: string, tag: string) {
  const found = await readOutputLines('ffprobe', [
    '-f',
    'lavfi',
    graph,
    '-show_entries',
    `frame=pts_time:frame_tags=${tag}`,
    '-of',
    'csv=p=0',
  ])
  return found
    .map((line) => line.split(','))
    .map(([time, value]) => ({ seconds: Number(time), value: Number(value) }))
}

function findRisingEdges(values: { seconds: number; value: number }[], threshold: number) {
  return values
    .filter(({ value }, n) => value > threshold && !(n > 0 && values[n - 1]!.value > threshold))
    .map(({ seconds }) => seconds)
}

/** Returns the titles of the chapters. */
export async function readChapterTitles(file: string) {
  const found = await readOutputLines('ffprobe', [
    '-show_entries',
    'chapter_tags=title',
    '-of',
    'csv=p=0',
    file,
  ])
  return found.map((line) => line.replace(/^"|"$/g, ''))
}
