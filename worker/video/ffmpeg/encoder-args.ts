import type { Rung } from '@/lib/videos/ladder'
import type { HardwareOptions } from '../encoders/hardware'

/** The output of an encoder depends on the number of its threads, so it must be equal on all computers. */
const ENCODER_THREADS = 4

/** The encoders of codecs beside H.264, as ffmpeg names them. */
export const EXTRA_ENCODERS = { av1: 'libsvtav1', hevc: 'libx265' }

/**
 * ffmpeg arguments that encode a rung, in software by default. Key frames are only where `-force_key_frames` sets them.
 */
export const encoderArgs = (rung: Rung, hardware?: HardwareOptions) => [
  ...(hardware
    ? hardware.encoderArgs(rung)
    : [...ENCODERS[rung.codec ?? 'h264'](rung), '-pix_fmt', 'yuv420p']),
  '-g',
  '9999',
]

// The quality of AV1 and HEVC is that of H.264 by SSIM, on street footage of 30 s at 360p: 0.9918 with 697 kB of H.264,
// 295 kB of AV1 and 495 kB of HEVC.
const ENCODERS = {
  h264: ({ maxRateBps }: Rung) => [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '23',
    '-profile:v',
    'high',
    '-threads',
    String(ENCODER_THREADS),
    '-maxrate',
    String(maxRateBps),
    '-bufsize',
    String(2 * maxRateBps),
    '-keyint_min',
    '9999',
    '-sc_threshold',
    '0',
  ],
  av1: ({ maxRateBps }: Rung) => [
    '-c:v',
    EXTRA_ENCODERS.av1,
    '-preset',
    '8',
    '-crf',
    '27',
    '-svtav1-params',
    `lp=${ENCODER_THREADS}:enable-force-key-frames=1:mbr=${Math.ceil(maxRateBps / 1_000)}`,
  ],
  hevc: ({ maxRateBps }: Rung) => [
    '-c:v',
    EXTRA_ENCODERS.hevc,
    '-preset',
    'medium',
    '-crf',
    '22',
    '-tag:v',
    'hvc1',
    '-forced-idr',
    '1',
    '-x265-params',
    [
      'log-level=error',
      // It would name the features of the CPU, which differ between computers.
      'info=0',
      // The output depends on the size of a thread pool, which is limited by the CPUs, but not on threads per frame.
      'pools=none',
      `frame-threads=${ENCODER_THREADS}`,
      'keyint=9999',
      'min-keyint=9999',
      'scenecut=0',
      'open-gop=0',
      `vbv-maxrate=${Math.ceil(maxRateBps / 1_000)}`,
      `vbv-bufsize=${Math.ceil(maxRateBps / 500)}`,
      'const-vbv=1',
    ].join(':'),
  ],
} satisfies Record<NonNullable<Rung['codec']>, (rung: Rung) => string[]>
