import { z } from 'zod'
import type { MachineSizeDto } from './size-schema'

/** A type of machines that a host offers in place of exact sizes. */
export const machineOfferSchema = z.object({
  name: z.string(),
  cpus: z.number(),
  memoryMiB: z.number(),
  pricePerHour: z.number().nullable().describe('In US dollars; null if unknown'),
})
export type MachineOffer = z.infer<typeof machineOfferSchema>

/** The first offer that is large enough. */
export const findOffer = (
  offers: readonly MachineOffer[],
  { cpus, memoryMiB }: Pick<MachineSizeDto, 'cpus' | 'memoryMiB'>,
) => offers.find((offer) => offer.cpus >= cpus && offer.memoryMiB >= memoryMiB)

/** Formats a price: "$0.0104 per hour". */
export const formatPrice = (pricePerHour: number) => `$${pricePerHour} per hour`
