import type { MachineOffer } from './offer-schema'
import type { MachineSizeDto } from './size-schema'

/** The first offer that is large enough. */
export const findOffer = (
  offers: readonly MachineOffer[],
  { cpus, memoryMiB }: Pick<MachineSizeDto, 'cpus' | 'memoryMiB'>,
) => offers.find((offer) => offer.cpus >= cpus && offer.memoryMiB >= memoryMiB)

/** Formats a price: "$0.0104 per hour". */
export const formatPrice = (pricePerHour: number) => `$${pricePerHour} per hour`
