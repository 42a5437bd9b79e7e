import { Disclosure } from '@/app/ui/disclosure'
import * as messages from '@/lib/generated/messages/admin-queues'

const TERMS = [
  [messages.waiting, messages.waitingMeaning],
  [messages.onHold, messages.onHoldMeaning],
  [messages.oldest, messages.oldestMeaning],
  [messages.running, messages.runningMeaning],
  [messages.wait, messages.waitMeaning],
  [messages.run, messages.runMeaning],
  [messages.percentiles, messages.percentilesMeaning],
  [messages.tasksPerMinute, messages.tasksPerMinuteMeaning],
  [messages.deadLetter, messages.deadLetterMeaning],
  [messages.concurrency, messages.concurrencyMeaning],
  [messages.priority, messages.priorityMeaning],
  [messages.maxCrashes, messages.maxCrashesMeaning],
  [messages.retryDelay, messages.retryDelayMeaning],
  [messages.expires, messages.expiresMeaning],
  [messages.heartbeat, messages.heartbeatMeaning],
  [messages.retention, messages.retentionMeaning],
] as const

/** Explains the columns of the page. */
export const QueueTerms = () => (
  <Disclosure summary={messages.terms()}>
    <dl className="grid gap-x-8 gap-y-3 px-4 py-4 text-sm sm:grid-cols-2 lg:grid-cols-3">
      {TERMS.map(([term, meaning]) => (
        <div key={term()}>
          <dt className="font-medium">{term()}</dt>
          <dd className="text-muted-foreground">{meaning()}</dd>
        </div>
      ))}
    </dl>
  </Disclosure>
)
