import { Link } from '@/app/components/link'
import { Section } from '@/app/components/section'
import { TaskActions } from '@/app/components/task-actions'
import { TaskMark } from '@/app/components/task-mark'
import { stateText } from '@/app/components/words'
import type { TaskDto } from '@/lib/tasks/contract'

/** The script that a machine was ordered with: what it prints, and how it ended. */
export function ScriptResult({ task }: { task: TaskDto }) {
  const result = task.result as { exitCode?: number; output?: string } | null
  const output = result?.output ?? task.detail?.outputTail ?? ''
  const code = result?.exitCode
  return (
    <Section
      title="Script"
      aside={
        <div className="flex items-center gap-2 text-sm text-muted-foreground">
          {!code && <TaskMark state={task.state} />}
          <Link href={`/tasks/${task.id}`} className={`hover:underline ${code ? 'text-warning' : ''}`}>
            {code === undefined ? stateText(task) : `Exit code ${code}`}
          </Link>
          <TaskActions task={task} name="the script" />
        </div>
      }
    >
      {task.error && <p className="mb-2 text-destructive">{task.error.message}</p>}
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to get there
        tabIndex={0}
        aria-label="What the script printed"
        className="max-h-72 overflow-auto rounded-xl border bg-card p-4 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
      >
        {output || <span className="text-muted-foreground">It has printed nothing yet.</span>}
      </pre>
    </Section>
  )
}
