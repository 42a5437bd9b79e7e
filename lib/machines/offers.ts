import type { MachineOffer } from './offer-schema'
import type { MachineSizeDto } from './size-schema'
import * as messages from '../generated/messages/machine-names'
import { getLocale } from '../i18n/locale'

/** The first offer that is large enough. */
export const findOffer = (
  offers: readonly MachineOffer[],
  { cpus, memoryMiB }: Pick<MachineSizeDto, 'cpus' | 'memoryMiB'>,
) => offers.find((offer) => offer.cpus >= cpus && offer.memoryMiB >= memoryMiB)

/** Formats a price: "$0.0104 per hour". */
export const formatPrice = (pricePerHour: number) =>
  messages.pricePerHour({ price: new Intl.NumberFormat(getLocale(), PRICE_OPTIONS).format(pricePerHour) })

const PRICE_OPTIONS: Intl.NumberFormatOptions = {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 0,
  maximumFractionDigits: 10,
  useGrouping: false,
}
