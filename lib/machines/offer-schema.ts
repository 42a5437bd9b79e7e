import { z } from 'zod'

/** A type of machines that a host offers in place of exact sizes. */
export const machineOfferSchema = z.object({
  name: z.string(),
  cpus: z.number(),
  memoryMiB: z.number(),
  pricePerHour: z.number().nullable().describe('In US dollars; null if unknown'),
})
export type MachineOffer = z.infer<typeof machineOfferSchema>
