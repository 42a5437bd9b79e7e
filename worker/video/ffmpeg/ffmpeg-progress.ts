import type { Readable } from 'node:stream'

/** `mediaSeconds` of the output are encoded, at `speed` times real time. */
export interface EncoderProgress {
  mediaSeconds: number
  speed: number
}

/** Parses the output of ffmpeg's `-progress`. */
export function readProgress(stdout: Readable, onProgress: (progress: EncoderProgress) => void) {
  let speed = 0
  let incompleteLine = ''
  stdout.on('data', (chunk: Buffer) => {
    const lines = (incompleteLine + chunk.toString()).split('\n')
    incompleteLine = lines.pop() ?? ''
    let mediaSeconds: number | undefined
    for (const line of lines) {
      const [key, value = ''] = line.split('=')
      if (key === 'out_time_us' && Number(value) > 0) mediaSeconds = Number(value) / 1e6
      if (key === 'speed' && Number.parseFloat(value) > 0) speed = Number.parseFloat(value)
    }
    if (mediaSeconds !== undefined) onProgress({ mediaSeconds: Math.max(0, mediaSeconds), speed })
  })
}
