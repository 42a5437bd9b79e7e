import type { ReactNode } from 'react'
import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import { MachinePorts } from './machine-ports'
import { MachineSettings } from './machine-settings'
import { UsageCharts } from './usage-charts'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import type { MachineDto } from '@/lib/machines/schema'
import { formatMebibytes } from '@/lib/machines/sizes'

interface Props {
  machine: MachineDto
  usage: ConsoleUsage[]
}

/** Beside the console: what is in use, and what the machine is. */
export function MachineAside({ machine, usage }: Props) {
  const { state } = machine
  const isThere = state !== 'terminated' && state !== 'terminating'
  const isMade = isThere && state !== 'pending' && state !== 'failed'
  return (
    <aside className="flex flex-col gap-6">
      {state === 'running' && (
        <Section title="In use">
          <UsageCharts usage={usage} size={machine.size} />
        </Section>
      )}
      {isMade && <MachinePorts machine={machine} />}
      {isThere && <MachineSettings machine={machine} />}
      <Section title="About it">
        <dl className="divide-y rounded-xl border bg-card">
          {machineFacts(machine).map(([name, fact]) => (
            <div key={name} className="flex min-h-10 items-baseline justify-between gap-4 px-3.5 py-2">
              <dt className="shrink-0 text-muted-foreground">{name}</dt>
              <dd className="min-w-0 text-right break-words">{fact}</dd>
            </div>
          ))}
        </dl>
        {machine.host?.note && <p className="mt-2 text-sm text-muted-foreground">{machine.host.note}</p>}
      </Section>
    </aside>
  )
}

function machineFacts(machine: MachineDto) {
  const facts: [string, ReactNode][] = [
    ['Order', `#${machine.order}`],
    ['Image', machine.image.startsWith('snapshot-') ? 'a snapshot' : machine.image],
    ['Size', machine.size.name],
    ['CPUs', machine.size.cpus],
    ['Memory', formatMebibytes(machine.size.memoryMiB)],
    ['Disk', formatMebibytes(machine.size.diskMiB)],
    ['Network', machine.network === 'none' ? 'none' : 'internet, not this host'],
  ]
  if (machine.host) facts.push(['Host', machine.host.name])
  facts.push(['Ordered', <RelativeTime key="ordered" at={machine.createdAt} />])
  return facts
}
