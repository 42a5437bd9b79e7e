import { z } from 'zod'

/** Encoders of H.264 in the hardware of a computer, in the order in which they are tried. */
export const HARDWARE_ENCODERS = ['nvenc', 'qsv', 'vaapi'] as const
export type HardwareEncoder = (typeof HARDWARE_ENCODERS)[number]

export const hardwareEncoderSchema = z.enum(HARDWARE_ENCODERS)
export type VideoEncoder = 'software' | HardwareEncoder

export const isHardwareEncoder = (encoder: string | null): encoder is HardwareEncoder =>
  hardwareEncoderSchema.safeParse(encoder).success
