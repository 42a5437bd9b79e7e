import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readPictures } from './media-analysis'

const BITS = 12
/** Key frames at irregular places, as cameras and editors set them. */
const WEB_SAFE = '-c:v libx264 -preset veryfast -g 37 -bf 2 -c:a aac -b:a 128k'
/** Pictures after each key frame refer to pictures before it, but at 12.4 s, where a segment begins. */
const OPEN_GOP =
  ' -force_key_frames 12.4 -forced-idr 1 -x264-params keyint=39:open-gop=1:bframes=3:b-adapt=0:scenecut=0'

/**
 * Generates a video each frame of which shows its number in columns, one for each bit. It has 25 frames per second, and no
 * audio unless it is to have a click at each second. Its codecs are MPEG-4 and PCM, or H.264 and AAC.
 */
export async function generateCounter(
  file: string,
  options: {
    seconds: number
    width: number
    height: number
    hasClicks?: boolean
    isWebSafe?: boolean
    isOpenGop?: boolean
  },
) {
  const { seconds, width, height, hasClicks, isWebSafe, isOpenGop } = options
  // Drawn with one pixel for each bit and enlarged, which takes a fraction of the time.
  const columns = `geq=lum=255*mod(floor(N/pow(2\\,X))\\,2),scale=${width}:${height}:flags=neighbor${isWebSafe ? ',setsar=1' : ''}`
  const input = `color=black:s=${BITS}x2:r=25:d=${seconds},format=gray,${columns}`
  const clicks = `aevalsrc=if(eq(mod(n\\,48000)\\,0)\\,0.9\\,0):s=48000:d=${seconds}`
  const sources = [input, ...(hasClicks ? [clicks] : [])].flatMap((source) => ['-f', 'lavfi', '-i', source])
  const encode = `-pix_fmt yuv420p ${isWebSafe ? WEB_SAFE + (isOpenGop ? OPEN_GOP : '') : '-c:v mpeg4 -g 100 -q:v 2 -c:a pcm_s16le'}`
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...sources, ...encode.split(' '), file])
}

/** Reads the numbers of the frames. */
export const readCounter = async (file: string) =>
  (await readPictures(file, { width: BITS, height: 1 })).map((columns) =>
    columns.reduce((sum, luma, bit) => sum + (luma > 128 ? 2 ** bit : 0), 0),
  )
