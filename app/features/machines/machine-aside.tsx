import type { ReactNode } from 'react'
import { FactList } from '@/app/ui/fact-list'
import { RelativeTime } from '@/app/ui/relative-time'
import { Section } from '@/app/ui/section'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import { formatPrice } from '@/lib/machines/offers'
import type { MachineDto } from '@/lib/machines/schema'
import { formatMebibytes } from '@/lib/machines/sizes'
import { MachinePorts } from './machine-ports'
import { MachineSettings } from './machine-settings'
import { UsageCharts } from './usage-charts'
import * as messages from '@/lib/generated/messages/machine-page'

interface Props {
  machine: MachineDto
  usage: ConsoleUsage[]
}

/** Beside the console: usage, ports, settings, and details. */
export function MachineAside({ machine, usage }: Props) {
  const { state } = machine
  const isPresent = state !== 'terminated' && state !== 'terminating'
  const isProvisioned = isPresent && state !== 'pending' && state !== 'failed'
  return (
    <aside className="flex flex-col gap-6">
      {state === 'running' && machine.host?.capabilities.usage && (
        <Section title={messages.usage()}>
          <UsageCharts usage={usage} size={machine.size} />
        </Section>
      )}
      {isProvisioned && machine.host?.capabilities.ports && <MachinePorts machine={machine} />}
      {isPresent && <MachineSettings machine={machine} />}
      <Section title={messages.details()}>
        <FactList facts={machineFacts(machine)} />
        {machine.host?.note && <p className="mt-2 text-sm text-muted-foreground">{machine.host.note}</p>}
      </Section>
    </aside>
  )
}

const KIND_LABELS = { vm: messages.kindVm, container: messages.kindContainer }

function machineFacts({ order, image, size, network, host, createdAt }: MachineDto) {
  const facts: [string, ReactNode][] = [
    [messages.factNumber(), `#${order}`],
    [messages.factImage(), image.startsWith('snapshot-') ? messages.snapshot() : image],
    [messages.factSize(), size.name],
    [messages.factCpus(), size.cpus],
    [messages.factMemory(), formatMebibytes(size.memoryMiB)],
    [messages.factDisk(), formatMebibytes(size.diskMiB)],
    [messages.factNetwork(), network === 'none' ? messages.networkNone() : messages.networkOutbound()],
  ]
  if (host) facts.push([messages.factKind(), KIND_LABELS[host.kind]()], [messages.factHost(), host.name])
  if (host?.offer) facts.push([messages.factInstanceType(), host.offer.name])
  if (host?.offer?.pricePerHour) facts.push([messages.factPrice(), formatPrice(host.offer.pricePerHour)])
  facts.push([messages.factCreated(), <RelativeTime key="created" at={createdAt} />])
  return facts
}
