import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readFrames } from '../media-analysis'

const execFileAsync = promisify(execFile)
const SAMPLE_RATE = 48_000
/** Pictures are measured at this size. */
const [LONG, SHORT] = [16, 12]

async function decode(file: string, args: string[]) {
  const { stdout, stderr } = await execFileAsync(
    'ffmpeg',
    ['-v', 'warning', '-nostdin', '-i', file, ...args, 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2 },
  )
  return { bytes: stdout, warnings: stderr.toString().trim() }
}

/** Measures the colors of the corners, when the center turns bright, and the end. Times in seconds. */
export async function measurePicture(file: string, { isPortrait }: { isPortrait: boolean }) {
  const [width, height] = isPortrait ? [SHORT, LONG] : [LONG, SHORT]
  const filter = `scale=${width}:${height}:flags=area,format=rgb24`
  const [{ bytes, warnings }, frames] = await Promise.all([
    decode(file, ['-vf', filter, '-fps_mode', 'passthrough', '-f', 'rawvideo']),
    readFrames(file),
  ])
  const size = width * height * 3
  const pixel = (frame: number, x: number, y: number) => [
    ...bytes.subarray(frame * size + (y * width + x) * 3).subarray(0, 3),
  ]
  const isBright = (frame: number) => pixel(frame, width / 2, height / 2)[1]! > 128
  const decoded = bytes.length / size
  const first = Array.from({ length: decoded }, (_, n) => n).find(isBright)
  return {
    warnings,
    frames: { decoded, listed: frames.length },
    eventSeconds: first === undefined ? Number.NaN : frames[first]!.seconds,
    /** Of the last picture, on the side of the center that `x` and `y` (-1 or 1) name. */
    colorAt: (x: number, y: number) => pixel(decoded - 1, x < 0 ? 1 : width - 2, y < 0 ? 1 : height - 2),
  }
}

/** Measures when the sound becomes loud, and the strength of a tone in each channel afterwards. Times in seconds. */
export async function measureSound(file: string) {
  const [{ bytes, warnings }, { stdout }] = await Promise.all([
    decode(file, ['-map', '0:a:0', '-ac', '2', '-ar', String(SAMPLE_RATE), '-f', 's16le']),
    execFileAsync(
      'ffprobe',
      ['-v', 'error', '-select_streams', 'a:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file],
      { maxBuffer: 16 * 1024 ** 2 },
    ),
  ])
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const onset = Math.floor(samples.findIndex((value) => Math.abs(value) > loudest / 3) / 2)
  const channel = (n: number) =>
    samples.filter((_, at) => at % 2 === n).subarray(onset + 0.2 * SAMPLE_RATE, onset + 0.7 * SAMPLE_RATE)
  return {
    warnings,
    loudest,
    eventSeconds: Number.parseFloat(stdout) + onset / SAMPLE_RATE,
    /** The share of the power of channel `n` that a sine of `hertz` has, 0 to 1. */
    shareOf: (n: number, hertz: number) => powerShare(channel(n), hertz),
  }
}

function powerShare(samples: Int16Array, hertz: number) {
  let [sine, cosine, total] = [0, 0, 0]
  for (const [n, value] of samples.entries()) {
    const phase = (2 * Math.PI * hertz * n) / SAMPLE_RATE
    sine += value * Math.sin(phase)
    cosine += value * Math.cos(phase)
    total += value ** 2
  }
  return (2 * (sine ** 2 + cosine ** 2)) / (samples.length * total)
}
