'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { RadioCards } from '@/app/ui/radio-cards'
import { Warning } from '@/app/ui/warning'
import type { MachineAvailability } from '@/lib/machines/availability'
import type { MachineUsageDto } from '@/lib/machines/quota'
import type { CreateMachineInput } from '@/lib/machines/schema'
import type { SizeName } from '@/lib/machines/sizes'
import type { SnapshotDto } from '@/lib/machines/snapshots'
import { AdvancedOptions } from './advanced-options'
import { useDateFormat } from '@/app/ui/date-time'
import { fitSize, imageCards, sizeCards } from './machine-choices'
import { createMachineRequest } from './machine-requests'
import { QuotaUsage } from './quota-usage'
import { preloadConsole, useCreateMachine } from './use-create-machine'
import * as messages from '@/lib/generated/messages/machines'
import * as machineOptionsMessages from '@/lib/generated/messages/machine-options'

interface Props {
  availability: MachineAvailability
  snapshots: SnapshotDto[]
  usage: MachineUsageDto
  /** The image of a snapshot to select first; an unknown one is ignored. */
  image: string
}

/** The options of a new machine. Every field has a working default. */
export function CreateMachineForm({ availability, snapshots, usage, image }: Props) {
  const { createMachine, isCreating } = useCreateMachine()
  useEffect(preloadConsole, [])
  const sources = { images: availability.images, offers: availability.offers, snapshots }
  const initialImage =
    snapshots.find((snapshot) => snapshot.image === image)?.image ??
    availability.images.find(({ problem }) => !problem)?.name ??
    'tiny'
  const [input, setInput] = useState<CreateMachineInput & { image: string; size: SizeName }>({
    image: initialImage,
    size: fitSize(sources, { image: initialImage, size: 'tiny' }),
  })
  const formatDate = useDateFormat()
  const change = (part: Partial<CreateMachineInput>) =>
    setInput((previous) => ({ ...previous, ...part }) as typeof previous)
  const order = { ...input, name: input.name?.trim() || undefined }
  function submit(event: FormEvent) {
    event.preventDefault()
    createMachine(order)
  }
  return (
    <form onSubmit={submit} className="mx-auto flex max-w-3xl flex-col gap-8">
      <div>
        <h1 className="text-2xl font-semibold">{messages.create()}</h1>
        {availability.note && <p className="mt-1 text-muted-foreground">{availability.note}</p>}
      </div>
      {availability.isAwaited && <AutoRefresh everySeconds={3} />}
      {availability.problem && (
        <Warning title={machineOptionsMessages.unavailable()}>{availability.problem}</Warning>
      )}
      <Field id="machine-name" label={machineOptionsMessages.name()} hint={machineOptionsMessages.nameHint()}>
        <Input
          id="machine-name"
          placeholder="build-box"
          maxLength={63}
          pattern="[A-Za-z0-9]([A-Za-z0-9\-]*[A-Za-z0-9])?"
          autoComplete="off"
          value={input.name ?? ''}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <RadioCards
        legend={machineOptionsMessages.image()}
        name="image"
        cards={imageCards(sources, (at) => formatDate(at, 'date'))}
        value={input.image}
        onChange={(next) =>
          change({ image: next, size: fitSize(sources, { image: next, size: input.size }) })
        }
      />
      <RadioCards
        legend={machineOptionsMessages.size()}
        name="size"
        cards={sizeCards(sources, input.image)}
        value={input.size}
        onChange={(size) => change({ size })}
      />
      <AdvancedOptions
        input={input}
        outboundProblem={availability.outboundProblem}
        takesCloudConfig={availability.takesCloudConfig}
        onChange={change}
      />
      <div className="flex flex-wrap items-center justify-between gap-4 border-t pt-5">
        <QuotaUsage usage={usage} />
        <div className="flex items-center gap-2 max-sm:w-full">
          <CopyAsCurl
            size="icon"
            actions={[{ label: messages.create(), request: createMachineRequest(order) }]}
          />
          <Button
            type="submit"
            variant="default"
            disabled={isCreating || availability.problem !== null}
            className="max-sm:grow"
          >
            {isCreating ? machineOptionsMessages.creating() : messages.create()}
          </Button>
        </div>
      </div>
    </form>
  )
}
