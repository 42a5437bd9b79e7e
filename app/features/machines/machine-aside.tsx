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
        <Section title="Usage">
          <UsageCharts usage={usage} size={machine.size} />
        </Section>
      )}
      {isProvisioned && machine.host?.capabilities.ports && <MachinePorts machine={machine} />}
      {isPresent && <MachineSettings machine={machine} />}
      <Section title="Details">
        <FactList facts={machineFacts(machine)} />
        {machine.host?.note && <p className="mt-2 text-sm text-muted-foreground">{machine.host.note}</p>}
      </Section>
    </aside>
  )
}

const KIND_LABELS = { vm: 'Virtual machine', container: 'System container' }

function machineFacts({ order, image, size, network, host, createdAt }: MachineDto) {
  const facts: [string, ReactNode][] = [
    ['Number', `#${order}`],
    ['Image', image.startsWith('snapshot-') ? 'Snapshot' : image],
    ['Size', size.name],
    ['CPUs', size.cpus],
    ['Memory', formatMebibytes(size.memoryMiB)],
    ['Disk', formatMebibytes(size.diskMiB)],
    ['Network', network === 'none' ? 'None' : 'Outbound'],
  ]
  if (host) facts.push(['Kind', KIND_LABELS[host.kind]], ['Host', host.name])
  if (host?.offer) facts.push(['Instance type', host.offer.name])
  if (host?.offer?.pricePerHour) facts.push(['Price', formatPrice(host.offer.pricePerHour)])
  facts.push(['Created', <RelativeTime key="created" at={createdAt} />])
  return facts
}
