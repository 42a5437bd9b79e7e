import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'

/** Video without sound, seconds and size; every third one can be copied beside its smaller renditions. */
const CLIPS = [
  [8, '640x360'],
  [45, '854x480'],
  [12, '1280x720'],
  [70, '640x360'],
  [20, '854x480'],
  [34, '1280x720'],
  [26, '426x240'],
  [60, '854x480'],
  [16, '1280x720'],
  [90, '426x240'],
  [40, '640x360'],
  [10, '1280x720'],
  [25, '640x360'],
  [33, '854x480'],
  [22, '1280x720'],
  [120, '426x240'],
  [14, '854x480'],
  [50, '640x360'],
] as const
/** Seconds of recordings without speech. */
const RECORDINGS = [60, 240, 600]
/** Seconds of speech with a video. */
const TALKS = [12, 30, 20]

/** The files from which the server learns. */
export const generateFirstFiles = (dir: string) =>
  generateFiles(dir, { clips: CLIPS.slice(0, 10), recordings: [45, 120, 300], talks: [14, 24] })

/** The files of 30 jobs: 24 transcodes, and the captions of the six with sound. */
export const generateQueueFiles = (dir: string) =>
  generateFiles(dir, { clips: CLIPS, recordings: RECORDINGS, talks: TALKS })

interface Files {
  clips: readonly (typeof CLIPS)[number][]
  recordings: readonly number[]
  talks: readonly number[]
}

async function generateFiles(dir: string, { clips, recordings, talks }: Files) {
  mkdirSync(dir)
  const files: string[] = []
  for (const [n, [seconds, size]] of clips.entries())
    files.push(await generateClip(path.join(dir, `clip-${n}`), { seconds, size, isWebSafe: n % 3 === 0 }))
  for (const [n, seconds] of recordings.entries())
    files.push(await generateRecording(path.join(dir, `recording-${n}.flac`), seconds))
  for (const [n, seconds] of talks.entries())
    files.push(await generateTalk(path.join(dir, `talk-${n}.mkv`), seconds))
  // In the same order in each run, in which neighbors differ.
  return files.map((_, n) => files[(n * 7) % files.length]!)
}

async function ffmpeg(args: string, file: string) {
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...args.split(' '), file])
  return file
}

function generateClip(base: string, options: { seconds: number; size: string; isWebSafe: boolean }) {
  const input = `-f lavfi -i testsrc2=s=${options.size}:r=25:d=${options.seconds} -pix_fmt yuv420p -g 50`
  return options.isWebSafe
    ? ffmpeg(`${input} -c:v libx264 -preset ultrafast -crf 28`, `${base}.mp4`)
    : ffmpeg(`${input} -c:v mpeg4 -q:v 6`, `${base}.mkv`)
}

const generateRecording = (file: string, seconds: number) =>
  ffmpeg(`-f lavfi -i anoisesrc=c=pink:a=0.1:r=22050:d=${seconds} -c:a flac -compression_level 0`, file)

const generateTalk = (file: string, seconds: number) =>
  generateSpeech(file, {
    seconds,
    hasVideo: true,
    utterances: Array.from({ length: Math.floor(seconds / 4) }, (_, n) => ({
      text: n % 2 === 0 ? ASK_NOT_SENTENCE : MORNING_SUN_SENTENCE,
      atSeconds: 4 * n,
    })),
  })
