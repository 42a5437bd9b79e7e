import type { ReactNode } from 'react'
import { Disclosure } from '@/app/ui/disclosure'
import { formatElapsed } from '@/app/ui/format'
import { RelativeTime } from '@/app/ui/relative-time'
import type { QueueOverview } from '@/lib/queues/overview'
import { PauseQueueButton } from './pause-queue-button'
import { RateChart, WaitChart } from './queue-charts'
import * as messages from '@/lib/generated/messages/admin-queues'

const COLUMNS = [
  messages.columnQueue,
  messages.waiting,
  messages.oldest,
  messages.running,
  messages.columnWaits,
  messages.columnRuns,
]

interface Props {
  title: string
  queues: readonly QueueOverview[]
}

/** The queues with tasks, activity in the last hour or a warning as a table; the others as a list that can be opened. */
export function QueueTable({ title, queues }: Props) {
  const idle = queues.filter(isIdle)
  const active = queues.filter((queue) => !isIdle(queue))
  return (
    <div className="flex flex-col gap-3">
      {active.length > 0 && (
        <div className="relative overflow-x-auto rounded-xl border bg-card" role="region" aria-label={title}>
          <table className="w-full text-sm tabular-nums">
            <thead>
              <tr className="border-b text-start whitespace-nowrap text-muted-foreground">
                {COLUMNS.map((name) => (
                  <th key={name()} className="px-3 py-2 font-medium first:ps-4">
                    {name()}
                  </th>
                ))}
                <th className="px-3 py-2 font-medium">{messages.tasksPerMinute()}</th>
                <th className="px-3 py-2 font-medium">{messages.columnWaitChart()}</th>
                <th className="px-3 py-2">
                  <span className="sr-only">{messages.columnActions()}</span>
                </th>
              </tr>
            </thead>
            <tbody className="divide-y">
              {active.map((queue) => (
                <QueueRow key={queue.queue} queue={queue} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {idle.length > 0 && (
        <Disclosure summary={messages.idleQueues({ count: idle.length })}>
          <ul className="grid gap-x-8 px-4 py-2 sm:grid-cols-2 lg:grid-cols-3">
            {idle.map((queue) => (
              <li
                key={queue.queue}
                className="flex min-w-0 items-center justify-between gap-3 py-1.5"
                data-queue={queue.queue}
              >
                <QueueName queue={queue} />
                <PauseButton queue={queue} />
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  )
}

const isIdle = ({ waiting, held, running, pausedAt, chart }: QueueOverview) =>
  waiting + held + running === 0 && pausedAt === null && chart.every((point) => point.in + point.out === 0)

function QueueRow({ queue }: { queue: QueueOverview }) {
  const { pausedAt, pausedBy } = queue
  return (
    <tr data-queue={queue.queue} className="align-top">
      <td className="max-w-60 min-w-44 py-3 ps-4 pe-3">
        <QueueName queue={queue} />
        {pausedAt && (
          <Warning>
            {messages.pausedBy({ user: pausedBy ?? '', time: () => <RelativeTime at={pausedAt} /> })}
          </Warning>
        )}
        {!queue.isTaken && <Warning>{messages.notTaken()}</Warning>}
      </td>
      <td className="px-3 py-3">
        <span className="font-semibold">{queue.waiting}</span>
        {queue.held > 0 && (
          <span className="block text-muted-foreground">{messages.onHoldCount({ count: queue.held })}</span>
        )}
      </td>
      <td className="px-3 py-3">{queue.oldestSeconds === null ? '–' : formatElapsed(queue.oldestSeconds)}</td>
      <td className="px-3 py-3">{queue.running}</td>
      <td className="px-3 py-3 whitespace-nowrap">{formatTimes(queue.waits)}</td>
      <td className="px-3 py-3 whitespace-nowrap">{formatTimes(queue.runs)}</td>
      <td className="px-3 py-2">
        <RateChart points={queue.chart} />
      </td>
      <td className="px-3 py-2">
        <WaitChart points={queue.chart} />
      </td>
      <td className="py-2 ps-3 pe-4 text-end">
        <PauseButton queue={queue} />
      </td>
    </tr>
  )
}

const QueueName = ({ queue: { title, queue } }: { queue: QueueOverview }) => (
  <div className="min-w-0">
    <p className="truncate text-sm font-medium">{title}</p>
    <p className="truncate font-mono text-xs text-muted-foreground">{queue.split('/')[0]}</p>
  </div>
)

const PauseButton = ({ queue: { queue, title, host, pausedAt } }: { queue: QueueOverview }) => (
  <PauseQueueButton
    queue={queue}
    title={host ? messages.queueOnHost({ queue: title, host }) : title}
    isPaused={pausedAt !== null}
  />
)

const Warning = ({ children }: { children: ReactNode }) => (
  <p className="mt-1.5 text-xs text-warning">{children}</p>
)

/** @param times p50 and p95 in seconds */
const formatTimes = (times: readonly [number, number] | null) =>
  times ? times.map(formatElapsed).join(' · ') : '–'
