import type { Readable } from 'node:stream'

/** Parses the output of ffmpeg's `-progress`: the time in the output, in seconds, up to which it is encoded. */
export function readProgress(stdout: Readable, onProgress: (outputSeconds: number) => void) {
  let incompleteLine = ''
  stdout.on('data', (chunk: Buffer) => {
    const lines = (incompleteLine + chunk.toString()).split('\n')
    incompleteLine = lines.pop() ?? ''
    let outputSeconds: number | undefined
    for (const line of lines) {
      const [key, value] = line.split('=')
      if (key === 'out_time_us' && Number(value) > 0) outputSeconds = Number(value) / 1e6
    }
    if (outputSeconds !== undefined) onProgress(outputSeconds)
  })
}
