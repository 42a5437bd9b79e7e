import { type Config, config } from '@/lib/config/config'
import { log } from '@/lib/log'
import { HARDWARE_ENCODERS, type HardwareEncoder, type VideoEncoder } from '@/lib/videos/video-encoders'
import { findEncoderProblem } from './find-encoder-problem'
import { describeNodes, findHardware, type HardwareOptions } from './hardware'

interface EncoderStatus {
  encoder: VideoEncoder
  /** Undefined for software. */
  hardware?: HardwareOptions
  /** Why it is not the configured one; null if it is. */
  problem: string | null
}

/** Knows with which encoder this computer can encode H.264. */
export interface EncoderProbe {
  /** Software until the first test has passed. */
  readonly current: EncoderStatus
  /** Resolves after the first test. Never rejects. */
  readonly ready: Promise<void>
  /** Tests again, after the encoder has failed. Resolves when `current` is up to date. Never rejects. */
  recheck(): Promise<void>
}

/** Returns the hardware of an encoder if it passes its test, or else why it does not. */
type TestHardware = (encoder: HardwareEncoder) => Promise<HardwareOptions | string>

/** Encodes a few seconds with an encoder of this computer. */
export const testHardware =
  ({ MEDIA_MEMORY_BYTES: memoryBytes }: Pick<Config, 'MEDIA_MEMORY_BYTES'>): TestHardware =>
  async (encoder) => {
    const hardware = findHardware(encoder)
    if (!hardware) return `this computer has no ${describeNodes(encoder)}`
    return (await findEncoderProblem(hardware, { memoryBytes })) ?? hardware
  }

/** Tests the configured encoder now. */
export function createEncoderProbe(
  setting: Config['VIDEO_ENCODER'],
  test: TestHardware = testHardware(config()),
): EncoderProbe {
  let current: EncoderStatus = { encoder: 'software', problem: null }
  const recheck = async () => {
    current = await detectEncoder(setting, test)
    const { encoder, problem } = current
    if (setting !== 'software') log.info({ encoder, problem }, 'video encoder tested')
  }
  const ready = recheck()
  return {
    ready,
    get current() {
      return current
    },
    recheck,
  }
}

/** Returns the first encoder that works of those that the setting allows. */
export async function detectEncoder(
  setting: Config['VIDEO_ENCODER'],
  test: TestHardware,
): Promise<EncoderStatus> {
  if (setting === 'software') return { encoder: 'software', problem: null }
  const problems: string[] = []
  for (const encoder of setting === 'auto' ? HARDWARE_ENCODERS : [setting]) {
    const hardware = await test(encoder)
    if (typeof hardware !== 'string') return { encoder, hardware, problem: null }
    problems.push(`${encoder}: ${hardware}`)
  }
  // With `auto`, a computer without such a device is as expected.
  const problem =
    setting === 'auto' ? null : `Videos are encoded in software, because VIDEO_ENCODER=${problems[0]}.`
  return { encoder: 'software', problem }
}
