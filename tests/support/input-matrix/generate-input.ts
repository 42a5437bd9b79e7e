import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ABSENT, AUDIO, CONTAINERS, ORIENTATIONS, VIDEO } from './formats'
import type { Input } from './plan-inputs'

/** ffmpeg cannot measure the rate of two pictures. */
export const secondsOf = ({ rate }: Input) => (rate === '1' ? 4 : 2)
/** When the center of the picture turns white and the sound loud. */
export const EVENT_SECONDS = 1
/** Red, green and blue of the corners of the stored picture: top left, top right, bottom left, bottom right. */
export const CORNERS = [
  { side: [-1, -1], color: [208, 48, 48] },
  { side: [1, -1], color: [48, 176, 48] },
  { side: [-1, 1], color: [48, 48, 208] },
  { side: [1, 1], color: [208, 208, 208] },
] as const
/** Frequencies of the left and the right channel; mono has the left one. */
export const TONES_HERTZ = [440, 660] as const

const CHANNELS: Record<string, number> = {
  mono: 1,
  stereo: 2,
  '2.1': 3,
  '3.0': 3,
  quad: 4,
  '5.0': 5,
  '5.1': 6,
  '6.1': 7,
  '7.1': 8,
  octagonal: 8,
}

export const sizeOf = ({ video }: Input) =>
  VIDEO[video]!.size ?? { width: 352, height: 288, displayWidth: 352 }

/** Writes the file of an input, with Debian's ffmpeg. */
export async function generateInput(input: Input, to: string) {
  const hasPicture = input.video !== ABSENT
  const hasSound = input.audio !== ABSENT
  const args = [
    ...(hasPicture ? ['-f', 'lavfi', '-i', pictureGraph(input)] : []),
    ...(hasSound ? ['-f', 'lavfi', '-i', soundGraph(input)] : []),
    ...(hasPicture ? videoArgs(input) : []),
    ...(hasSound ? `-c:a ${AUDIO[input.audio]!.encoder}`.split(' ') : []),
    ...CONTAINERS[input.container]!.args.split(' '),
  ]
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, to])
  if (hasPicture && input.orientation !== 'upright') await setDisplayMatrix(to, input.orientation)
}

function videoArgs({ video, pixels, rate }: Input) {
  const profiles: Record<string, string> = {
    'dnxhr yuv422p': 'dnxhr_hq',
    'dnxhr yuv422p10le': 'dnxhr_hqx',
    'dnxhr yuv444p10le': 'dnxhr_444',
    'prores yuv444p10le': '4444',
    'prores yuva444p10le': '4444',
  }
  const profile = profiles[`${video} ${pixels}`]
  return [
    ...`-c:v ${VIDEO[video]!.encoder} -pix_fmt ${pixels}`.split(' '),
    ...(profile ? ['-profile:v', profile] : []),
    ...(rate === 'variable' ? ['-fps_mode', 'vfr'] : []),
  ]
}

function pictureGraph(input: Input) {
  const { width, height } = sizeOf(input)
  const isVariable = input.rate === 'variable'
  const [first, ...others] = CORNERS
  const box = (color: readonly number[], at: string) => `drawbox=${at}:color=${toHex(color)}:t=fill`
  const middle = 'x=iw*3/8:y=ih*3/8:w=iw/4:h=ih/4'
  return [
    `color=c=${toHex(first.color)}:s=${width}x${height}:r=${isVariable ? 30 : input.rate}:d=${secondsOf(input)}`,
    'format=yuv444p',
    ...others.map(({ side: [x, y], color }) =>
      box(color, `x=${x > 0 ? 'iw/2' : 0}:y=${y > 0 ? 'ih/2' : 0}:w=iw/2:h=ih/2`),
    ),
    box([0, 0, 0], middle),
    `${box([255, 255, 255], middle)}:enable='gte(t,${EVENT_SECONDS - 0.0005})'`,
    // Encoders and containers leave out pictures that are equal to the one before.
    'noise=alls=2:allf=t',
    ...(isVariable ? [`select='gte(t,${EVENT_SECONDS})+not(mod(n,3))'`] : []),
  ].join(',')
}

const toHex = (color: readonly number[]) => `0x${Buffer.from(color).toString('hex')}`

function soundGraph(input: Input) {
  const { layout, sampleRate } = input
  const channels = Array.from({ length: CHANNELS[layout]! }, (_, n) => {
    const hertz = TONES_HERTZ[n]
    return hertz ? `if(lt(t,${EVENT_SECONDS}),0.04,0.6)*sin(2*PI*${hertz}*t)` : '0'
  })
  return `aevalsrc=exprs='${channels.join('|')}':c=${layout}:s=${sampleRate}:d=${secondsOf(input)}`
}

/** Sets the matrix in the header of the video track. */
async function setDisplayMatrix(file: string, orientation: string) {
  const bytes = await readFile(file)
  const [a, b, c, d] = ORIENTATIONS[orientation]!
  for (let at = bytes.indexOf('tkhd'); at >= 0; at = bytes.indexOf('tkhd', at + 4)) {
    const matrix = at + 4 + 40
    const isVideo = bytes.readUInt32BE(matrix + 36) > 0
    if (isVideo)
      for (const [n, value] of [a, b, 0, c, d].entries()) bytes.writeInt32BE(value * 65_536, matrix + 4 * n)
  }
  await writeFile(file, bytes)
}
