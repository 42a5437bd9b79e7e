import { Disclosure } from '@/app/ui/disclosure'

const TERMS: readonly (readonly [string, string])[] = [
  ['Waiting', 'Tasks that a worker may start now.'],
  ['On hold', 'Tasks that start later: they wait for the delay of a retry.'],
  ['Oldest', 'How long the first of the waiting tasks has waited.'],
  ['Running', 'Tasks that a worker is executing.'],
  ['Wait', 'From the time a task is enqueued until a worker starts it. Measured over the last 5 minutes.'],
  ['Run', 'From the start of an attempt until its end. Measured over the last 5 minutes.'],
  ['p50, p95', 'Half of the tasks, or 95 % of them, took at most this long.'],
  ['Tasks per minute', 'The line shows enqueued tasks, the bars show finished ones.'],
  ['Dead letter', 'A task that failed after its last attempt. An administrator can retry or dismiss it.'],
  ['Concurrency', 'How many tasks of a kind one worker executes at the same time.'],
  ['Priority', 'Waiting tasks with a higher number start first.'],
  ['Max crashes', 'How often the worker may die while it executes a task, before the task fails.'],
  ['Retry delay', 'The time before the next attempt. It doubles with each one, up to the limit.'],
  ['Expires', 'An attempt that takes longer than this is ended and retried.'],
  [
    'Heartbeat',
    'A worker that reports nothing for this long has lost its tasks, which other workers then take.',
  ],
  ['Retention', 'How long the queue keeps a task that waits.'],
]

/** Explains the columns of the page. */
export const QueueTerms = () => (
  <Disclosure summary="What these terms mean">
    <dl className="grid gap-x-8 gap-y-3 px-4 py-4 text-sm sm:grid-cols-2 lg:grid-cols-3">
      {TERMS.map(([term, meaning]) => (
        <div key={term}>
          <dt className="font-medium">{term}</dt>
          <dd className="text-muted-foreground">{meaning}</dd>
        </div>
      ))}
    </dl>
  </Disclosure>
)
