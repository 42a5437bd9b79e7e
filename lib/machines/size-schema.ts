import { z } from 'zod'

export const machineSizeSchema = z.object({
  cpus: z.number().int().min(1).max(64),
  memoryMiB: z.number().int().min(64).max(262_144),
  diskMiB: z.number().int().min(64).max(2_097_152),
})
export type MachineSizeDto = z.infer<typeof machineSizeSchema>
