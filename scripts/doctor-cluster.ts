import { openDb } from '@/lib/database/db'
import {
  describeClock,
  describeEncoder,
  describeLoad,
  describeQueues,
  listProcessProblems,
} from '@/lib/cluster/describe-process'
import { groupByComputer } from '@/lib/cluster/group-by-computer'
import { listProcesses } from '@/lib/cluster/queries'
import type { ProcessDto } from '@/lib/cluster/schema'
import { registerAllTasks } from '@/lib/register-tasks'
import { kindLabel } from '@/lib/tasks/registry'
import { report } from './report.mjs'

/** Reports every process that uses the database at `url`, on all computers. */
export async function checkCluster(url: string) {
  registerAllTasks()
  const db = openDb({ url, poolSize: 2 })
  try {
    const processes = await listProcesses(db, kindLabel)
    if (processes.length === 0) report.add({ name: 'cluster', fix: 'no process is running: npm start' })
    for (const { name, latest, processes: members } of groupByComputer(processes)) {
      report.add({ name: `host ${name}`, found: describeLoad(latest), isOptional: true })
      members.forEach(reportProcess)
    }
  } finally {
    await db.$disconnect()
  }
}

function reportProcess(process: ProcessDto) {
  const problems = listProcessProblems(process)
  const facts = [
    `version ${process.version ?? 'unknown'}`,
    describeQueues(process),
    describeEncoder(process),
    process.storageProblem === null ? 'storage reachable' : null,
    describeClock(process),
    process.role === 'worker' ? describeTasks(process) : null,
    `seen ${process.seenAt}`,
  ].filter((fact) => fact !== null)
  report.add({
    name: `  ${process.role} ${process.pid}`,
    found: problems.length === 0 ? facts.join('; ') : undefined,
    fix: [...problems, ...facts].join('; '),
  })
}

const describeTasks = ({ tasks }: ProcessDto) =>
  tasks.length === 0
    ? 'idle'
    : tasks.map(({ label, progress }) => `${label} ${Math.round(progress * 100)} %`).join(', ')
