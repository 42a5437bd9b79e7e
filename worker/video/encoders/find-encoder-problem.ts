import { errorMessage } from '@/lib/errors'
import { quietArgs } from '@/worker/media/input-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'
import { fragmentArgs } from '../ffmpeg/fragment-args'
import { readFragments } from '../ffmpeg/fragment-reader'
import type { HardwareOptions } from './hardware'

const SECONDS = 3
const TIMEOUT_MS = 20_000

/**
 * Encodes a few seconds in the sandbox, as chunks are. Returns why hardware cannot be used, also if it sets no key frames
 * where they are requested; null if it works. Never throws.
 */
export async function findEncoderProblem(
  hardware: HardwareOptions,
  { memoryBytes }: { memoryBytes: number },
) {
  try {
    const keyframes = await countFragments(hardware, memoryBytes)
    return keyframes === SECONDS ? null : `it set ${keyframes} of ${SECONDS} key frames`
  } catch (error) {
    return error instanceof SandboxFailure ? describeFailure(error) : errorMessage(error)
  }
}

/** What ffmpeg reports first, which is the reason for what follows. */
export const describeFailure = ({ stderr, reason }: SandboxFailure) => stderr.trim().split('\n')[0] || reason

async function countFragments(hardware: HardwareOptions, memoryBytes: number) {
  const run = runSandboxed({
    program: 'ffmpeg',
    args: [
      ...quietArgs,
      ...hardware.deviceArgs,
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=640x360:r=25:d=${SECONDS},format=yuv420p`,
      '-vf',
      hardware.upload,
      ...hardware.encoderArgs({ maxRateBps: 1_000_000 }),
      '-g',
      '9999',
      '-force_key_frames',
      'expr:gte(t,n_forced)',
      ...fragmentArgs({ pipe: 3, flags: 'frag_keyframe+empty_moov' }),
    ],
    pipes: 1,
    devices: hardware.devices,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    memoryBytes,
    wallClockMs: TIMEOUT_MS,
  })
  run.stdout.resume()
  const countAll = async () => {
    let fragments = 0
    for await (const part of readFragments(run.pipes[0]!)) if (!('init' in part)) fragments++
    return fragments
  }
  const [fragments] = await Promise.all([countAll(), run.exited])
  return fragments
}
