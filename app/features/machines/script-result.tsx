import { Link } from '@/app/ui/link'
import { Section } from '@/app/ui/section'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { TaskStatusIcon } from '@/app/features/tasks/task-status-icon'
import { taskStateLabel } from '@/app/features/tasks/task-state'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/machine-page'

/** The output and exit code of a machine’s startup script. */
export function ScriptResult({ task }: { task: TaskDto }) {
  const result = task.result as { exitCode?: number; output?: string } | null
  const output = result?.output ?? task.detail?.outputTail ?? ''
  const code = result?.exitCode
  return (
    <Section
      title={messages.startupScript()}
      aside={
        <div className="flex items-center gap-2 text-sm text-muted-foreground">
          {!code && <TaskStatusIcon state={task.state} />}
          <Link href={`/tasks/${task.id}`} className={`hover:underline ${code ? 'text-warning' : ''}`}>
            {code === undefined ? taskStateLabel(task) : messages.exitCode({ code })}
          </Link>
          <TaskActions task={task} name={messages.scriptName()} />
        </div>
      }
    >
      {task.error && <p className="mb-2 text-destructive">{task.error.message}</p>}
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable regions need keyboard access
        tabIndex={0}
        aria-label={messages.scriptOutput()}
        className="max-h-72 overflow-auto rounded-xl border bg-card p-4 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
      >
        {output || <span className="text-muted-foreground">{messages.noOutput()}</span>}
      </pre>
    </Section>
  )
}
