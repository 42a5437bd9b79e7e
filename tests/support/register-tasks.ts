import { registerAllTasks } from '@/lib/register-tasks'

registerAllTasks()
