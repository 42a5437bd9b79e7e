import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readPictures } from './media-analysis'

const BITS = 12

/**
 * Generates a video each frame of which shows its number in columns, one for each bit. It has 25 frames per second, and no
 * audio unless it is to have a click at each second.
 */
export async function generateCounter(
  file: string,
  options: { seconds: number; width: number; height: number; hasClicks?: boolean },
) {
  const { seconds, width, height, hasClicks } = options
  // Drawn with one pixel for each bit and enlarged, which takes a fraction of the time.
  const columns = `geq=lum=255*mod(floor(N/pow(2\\,X))\\,2),scale=${width}:${height}:flags=neighbor`
  const input = `color=black:s=${BITS}x2:r=25:d=${seconds},format=gray,${columns}`
  const clicks = `aevalsrc=if(eq(mod(n\\,48000)\\,0)\\,0.9\\,0):s=48000:d=${seconds}`
  const sources = [input, ...(hasClicks ? [clicks] : [])].flatMap((source) => ['-f', 'lavfi', '-i', source])
  const encode = '-pix_fmt yuv420p -c:v mpeg4 -g 100 -q:v 2 -c:a pcm_s16le'
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...sources, ...encode.split(' '), file])
}

/** Reads the numbers of the frames. */
export const readCounter = async (file: string) =>
  (await readPictures(file, { width: BITS, height: 1 })).map((columns) =>
    columns.reduce((sum, luma, bit) => sum + (luma > 128 ? 2 ** bit : 0), 0),
  )
