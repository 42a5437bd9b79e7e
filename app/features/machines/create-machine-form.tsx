'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { preloadConsole, useCreateMachine } from './use-create-machine'
import type { CreateMachineInput } from '@/lib/machines/schema'
import type { MachineAvailability } from '@/lib/machines/hosts'
import type { MachineUsageDto } from '@/lib/machines/quota'
import { formatMachineSize, type SizeName, SIZES } from '@/lib/machines/sizes'
import type { SnapshotDto } from '@/lib/machines/snapshots'
import { RadioCards } from '@/app/ui/radio-cards'
import { Field } from '@/app/ui/field'
import { AdvancedOptions } from './advanced-options'
import { QuotaUsage } from './quota-usage'

interface Props {
  offer: MachineAvailability
  snapshots: SnapshotDto[]
  usage: MachineUsageDto
  /** Chosen before; one that is not there is as none. */
  image: string
}

/** What a machine is to be. All has a default that works: pressing the button is enough. */
export function CreateMachineForm({ offer, snapshots, usage, image }: Props) {
  const { order, isOrdering } = useCreateMachine()
  useEffect(preloadConsole, [])
  const sources = { offer, snapshots }
  const kept = snapshots.find((snapshot) => snapshot.image === image)?.image
  const first = kept ?? offer.images.find(({ problem }) => !problem)?.name ?? 'tiny'
  const [wanted, setWanted] = useState<CreateMachineInput & { image: string; size: SizeName }>({
    image: first,
    size: fitSize(sources, first, 'tiny'),
  })
  const change = (part: Partial<CreateMachineInput>) =>
    setWanted((now) => ({ ...now, ...part }) as typeof now)
  const images = [
    ...offer.images.map(({ name, label, description, problem }) => ({
      value: name,
      title: label,
      description: description,
      problem,
    })),
    ...snapshots.map(({ image, name, createdAt }) => ({
      value: image,
      title: name,
      description: `Your snapshot of ${new Date(createdAt).toLocaleDateString('en')}`,
    })),
  ]
  const sizes = (Object.keys(SIZES) as SizeName[]).map((name) => ({
    value: name,
    title: `${name[0]!.toUpperCase()}${name.slice(1)}`,
    description: formatMachineSize(SIZES[name]),
    unavailableReason: sizeProblem(sources, wanted.image, name),
  }))
  function submit(event: FormEvent) {
    event.preventDefault()
    order({ ...wanted, name: wanted.name?.trim() || undefined })
  }
  return (
    <form onSubmit={submit} className="mx-auto flex max-w-3xl flex-col gap-8">
      <div>
        <h1 className="text-2xl font-semibold">Order a machine</h1>
        {offer.note && <p className="mt-1 text-muted-foreground">{offer.note}</p>}
      </div>
      {offer.isAwaited && <AutoRefresh everySeconds={3} />}
      {offer.problem && (
        <p role="alert" className="rounded-xl border border-warning/50 px-4 py-3">
          <span className="font-medium text-warning">No machine can be made now.</span> {offer.problem}
        </p>
      )}
      <Field
        id="machine-name"
        label="Name"
        hint="Letters, digits and hyphens. One is made up if you leave it empty."
      >
        <Input
          id="machine-name"
          placeholder="build-box"
          maxLength={63}
          pattern="[A-Za-z0-9]([A-Za-z0-9\-]*[A-Za-z0-9])?"
          autoComplete="off"
          value={wanted.name ?? ''}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <RadioCards
        legend="Image"
        name="image"
        cards={images}
        value={wanted.image}
        onChange={(image) => change({ image, size: fitSize(sources, image, wanted.size) })}
      />
      <RadioCards
        legend="Size"
        name="size"
        cards={sizes}
        value={wanted.size}
        onChange={(size) => change({ size })}
      />
      <AdvancedOptions wanted={wanted} outboundProblem={offer.outboundProblem} onChange={change} />
      <div className="flex flex-wrap items-center justify-between gap-4 border-t pt-5">
        <QuotaUsage usage={usage} />
        <Button
          type="submit"
          variant="default"
          disabled={isOrdering || offer.problem !== null}
          className="max-sm:w-full"
        >
          {isOrdering ? 'Ordering …' : 'Order machine'}
        </Button>
      </div>
    </form>
  )
}

type ImageSources = Pick<Props, 'offer' | 'snapshots'>

function sizeProblem({ offer, snapshots }: ImageSources, image: string, size: SizeName) {
  const minimum = offer.images.find(({ name }) => name === image)?.minimum
  const kept = snapshots.find((snapshot) => snapshot.image === image)
  const { memoryMiB, diskMiB } = SIZES[size]
  const isEnough =
    memoryMiB >= (minimum?.memoryMiB ?? kept?.leastMemoryMiB ?? 0) &&
    diskMiB >= (minimum?.diskMiB ?? kept?.diskMiB ?? 0)
  return isEnough ? null : 'Too small for this image.'
}

/** The size that was chosen, or the smallest that is enough for the image. */
const fitSize = (sources: ImageSources, image: string, size: SizeName) =>
  sizeProblem(sources, image, size)
    ? ((Object.keys(SIZES) as SizeName[]).find((name) => !sizeProblem(sources, image, name)) ?? size)
    : size
