import { globSync } from 'node:fs'
import type { HardwareEncoder } from '@/lib/videos/video-encoders'
import type { Rung } from '@/lib/videos/ladder'

interface Hardware {
  /** Glob patterns of its device nodes; the first match of the first pattern is the device. */
  nodes: string[]
  /** ffmpeg arguments before the inputs. */
  deviceArgs(device: string): string[]
  /** The filters that pass pictures to the device. */
  upload: string
  encoderArgs(rung: Pick<Rung, 'maxRateBps'>): string[]
}

// Without B-frames, which not all devices have. Constant quality, because few limit its bitrate as well.
const HARDWARE: Record<HardwareEncoder, Hardware> = {
  vaapi: {
    nodes: ['/dev/dri/renderD*'],
    deviceArgs: (device) => ['-init_hw_device', `vaapi=hw:${device}`, '-filter_hw_device', 'hw'],
    upload: 'format=nv12,hwupload',
    encoderArgs: () => '-c:v h264_vaapi -rc_mode CQP -qp 23 -profile:v high -bf 0'.split(' '),
  },
  qsv: {
    nodes: ['/dev/dri/renderD*'],
    deviceArgs: () => ['-init_hw_device', 'qsv=hw', '-filter_hw_device', 'hw'],
    upload: 'format=nv12',
    encoderArgs: () => '-c:v h264_qsv -global_quality 23 -profile:v high -forced_idr 1 -bf 0'.split(' '),
  },
  nvenc: {
    nodes: ['/dev/nvidia[0-9]*', '/dev/nvidiactl', '/dev/nvidia-uvm*', '/dev/nvidia-modeset'],
    deviceArgs: () => [],
    upload: 'format=yuv420p',
    encoderArgs: ({ maxRateBps }) => [
      ...'-c:v h264_nvenc -preset p4 -rc vbr -cq 23 -b:v 0 -profile:v high -forced-idr 1 -no-scenecut 1 -bf 0'.split(
        ' ',
      ),
      '-maxrate',
      String(maxRateBps),
      '-bufsize',
      String(2 * maxRateBps),
    ],
  },
}

/** How ffmpeg encodes H.264 with a device of this computer. */
export interface HardwareOptions {
  /** Device nodes that it needs. */
  devices: string[]
  deviceArgs: string[]
  upload: string
  encoderArgs: Hardware['encoderArgs']
}

/** Returns null if this computer has no such device. */
export function findHardware(encoder: HardwareEncoder): HardwareOptions | null {
  const { nodes, deviceArgs, upload, encoderArgs } = HARDWARE[encoder]
  const [primary, ...others] = nodes.map((pattern) => globSync(pattern).toSorted())
  const device = primary?.[0]
  if (!device) return null
  return { devices: [...primary, ...others.flat()], deviceArgs: deviceArgs(device), upload, encoderArgs }
}

/** The device nodes that an encoder needs, for messages. */
export const describeNodes = (encoder: HardwareEncoder) => HARDWARE[encoder].nodes[0]!
