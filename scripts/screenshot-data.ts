import { execFile } from 'node:child_process'
import { openAsBlob } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { App } from '@/tests/support/app'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'

const execFileAsync = promisify(execFile)

const LONG_CLIP = 'Keynote rehearsal.mp4'
const H264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50'
/** Arguments of ffmpeg by name of the file. */
export const clips: Record<string, string> = {
  'Harbour at dusk.mp4': `-f lavfi -i gradients=s=1920x1080:r=25:d=24:c0=0x0b3d3a:c1=0x2dd4bf:c2=0x1e3a8a:c3=0xf59e0b:nb_colors=4:speed=0.01:seed=7 -i SPEECH ${H264} -c:a aac`,
  'Interview.mp3':
    '-f lavfi -i aevalsrc=0.4*sin(2*PI*t*(200+40*sin(t)))*abs(sin(t*1.3)):d=95 -c:a libmp3lame',
  'Stage clip.mp4': `-f lavfi -i gradients=s=720x1280:r=25:d=6:c0=0x7c3aed:c1=0xf472b6:seed=3 ${H264}`,
  [LONG_CLIP]: `-f lavfi -i mandelbrot=s=1280x720:r=25 -t 60 ${H264} -crf 30`,
}

interface Seed {
  url: string
  headers: Record<string, string>
  /** The folder of the files of the videos. */
  media: string
}

/** Creates an administrator, a running machine, finished videos, and the file of a video that is uploaded later. */
export async function seedApp({ url, createUser }: App, { email, media }: { email: string; media: string }) {
  const { key } = await createUser(email, { isAdmin: true })
  const seed: Seed = { url, headers: { authorization: `Bearer ${key}` }, media }
  await createMachine(seed)
  const speech = path.join(media, 'speech.flac')
  const utterances = [
    { text: ASK_NOT_SENTENCE, atSeconds: 1 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 6 },
    { text: ASK_NOT_SENTENCE, atSeconds: 11 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 17 },
  ]
  await generateSpeech(speech, { utterances, seconds: 24 })
  for (const [name, options] of Object.entries(clips)) {
    const args = `-v error ${options.replace('SPEECH', speech)}`.split(' ')
    await execFileAsync('ffmpeg', [...args, path.join(media, name)])
  }
  for (const name of Object.keys(clips).filter((clip) => clip !== LONG_CLIP))
    await upload(seed, { file: name, isReady: isComplete })
  return seed
}

/** Uploads a video, and resolves while it is transcoded. */
export const startTranscode = (seed: Seed, title: string) =>
  upload(seed, {
    file: LONG_CLIP,
    title,
    isReady: ({ renditions }) => renditions.some(({ mode, progress }) => mode === 'encode' && progress > 0.1),
  })

const isComplete = ({ state, urls, captions }: VideoDto) =>
  state === 'done' && urls.poster !== null && captions.every((caption) => caption.state === 'done')

async function upload(
  { url, headers, media }: Seed,
  {
    file,
    title = path.parse(file).name,
    isReady,
  }: { file: string; title?: string; isReady(video: VideoDto): boolean },
) {
  const endpoint = `${url}/api/v1/videos?filename=${encodeURIComponent(`${title}.mp4`)}`
  const response = await fetch(endpoint, {
    method: 'POST',
    headers,
    body: await openAsBlob(path.join(media, file)),
  })
  const { video } = (await response.json()) as { video: VideoDto }
  const read = async () =>
    (await (await fetch(`${url}/api/v1/videos/${video.id}`, { headers })).json()) as VideoDto
  while (!isReady(await read())) await delay(200)
}

async function createMachine({ url, headers }: Seed) {
  const endpoint = `${url}/api/v1/machines`
  const body = JSON.stringify({ name: 'build-box', size: 'small', tags: ['ci'] })
  const response = await fetch(endpoint, { method: 'POST', headers, body })
  const { machine } = (await response.json()) as CreateMachineResponse
  const read = async () =>
    (await (await fetch(`${endpoint}/${machine.id}`, { headers })).json()) as MachineDto
  while ((await read()).state !== 'running') await delay(200)
}
