import type { MachineAvailability } from '@/lib/machines/availability'
import { findOffer, formatPrice } from '@/lib/machines/offers'
import { formatMachineSize, type SizeName, SIZES } from '@/lib/machines/sizes'
import type { SnapshotDto } from '@/lib/machines/snapshots'
import * as messages from '@/lib/generated/messages/machine-options'

interface ImageSources {
  images: MachineAvailability['images']
  offers: MachineAvailability['offers']
  snapshots: SnapshotDto[]
}

interface Choice {
  image: string
  size: SizeName
}

const sizeNames = Object.keys(SIZES) as SizeName[]

/** `formatDate` formats the date of a snapshot. */
export const imageCards = ({ images, snapshots }: ImageSources, formatDate: (at: string) => string) => [
  ...images.map(({ name, label, description, problem }) => ({
    value: name,
    title: label,
    description,
    unavailableReason: problem,
  })),
  ...snapshots.map(({ image, name, createdAt }) => ({
    value: image,
    title: name,
    description: messages.snapshotFrom({ date: formatDate(createdAt) }),
  })),
]

export const sizeCards = (sources: ImageSources, image: string) =>
  sizeNames.map((name) => ({
    value: name,
    title: `${name[0]!.toUpperCase()}${name.slice(1)}`,
    description: [formatMachineSize(SIZES[name]), describeOffer(sources, name)].filter(Boolean).join(' · '),
    unavailableReason: sizeProblem(sources, { image, size: name }),
  }))

/** `size` if the image fits, otherwise the smallest size that fits. */
export const fitSize = (sources: ImageSources, { image, size }: Choice) =>
  sizeProblem(sources, { image, size })
    ? (sizeNames.find((name) => !sizeProblem(sources, { image, size: name })) ?? size)
    : size

function describeOffer({ offers }: ImageSources, size: SizeName) {
  const offer = findOffer(offers, SIZES[size])
  if (!offer) return undefined
  return offer.pricePerHour ? `${offer.name}, ${formatPrice(offer.pricePerHour)}` : offer.name
}

function sizeProblem({ images, offers, snapshots }: ImageSources, { image, size }: Choice) {
  if (offers.length > 0 && !findOffer(offers, SIZES[size])) return messages.tooLarge()
  const minimum = images.find(({ name }) => name === image)?.minimum
  const snapshot = snapshots.find((candidate) => candidate.image === image)
  const { memoryMiB, diskMiB } = SIZES[size]
  const isEnough =
    memoryMiB >= (minimum?.memoryMiB ?? snapshot?.leastMemoryMiB ?? 0) &&
    diskMiB >= (minimum?.diskMiB ?? snapshot?.diskMiB ?? 0)
  return isEnough ? null : messages.tooSmall()
}
