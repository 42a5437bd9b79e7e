import type { MachineSizeDto } from './size-schema'
import * as messages from '../generated/messages/machine-names'

/** Preset sizes. */
export const SIZES = {
  tiny: { cpus: 1, memoryMiB: 128, diskMiB: 512 },
  small: { cpus: 1, memoryMiB: 512, diskMiB: 4_096 },
  medium: { cpus: 2, memoryMiB: 1_024, diskMiB: 10_240 },
  large: { cpus: 4, memoryMiB: 4_096, diskMiB: 20_480 },
} as const satisfies Record<string, MachineSizeDto>

export type SizeName = keyof typeof SIZES
export interface NamedSize extends MachineSizeDto {
  name: string
}

/** Resolves a preset name or a custom size. */
export const resolveMachineSize = (size: SizeName | MachineSizeDto): NamedSize =>
  typeof size === 'string' ? { name: size, ...SIZES[size] } : { name: 'custom', ...size }

export const isPresetSize = ({ cpus, memoryMiB, diskMiB }: MachineSizeDto) =>
  Object.values(SIZES).some(
    (size) => size.cpus === cpus && size.memoryMiB === memoryMiB && size.diskMiB === diskMiB,
  )

export const SIZE_NAMES = Object.keys(SIZES) as [SizeName, ...SizeName[]]

/** Formats mebibytes: 512 → "512 MiB", 4096 → "4 GiB". */
export const formatMebibytes = (mebibytes: number) =>
  mebibytes < 1_024
    ? messages.mebibytes({ size: mebibytes })
    : messages.gibibytes({ size: mebibytes / 1_024 })

/** Formats a size: "1 CPU · 512 MiB memory · 4 GiB disk". */
export const formatMachineSize = ({ cpus, memoryMiB, diskMiB }: MachineSizeDto) =>
  messages.size({ cpus, memory: formatMebibytes(memoryMiB), disk: formatMebibytes(diskMiB) })
