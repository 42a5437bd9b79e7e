import { z } from 'zod'
import { type ScheduleName, scheduleNames } from './schedules'

export const runScheduleSchema = z.object({
  name: z.enum(scheduleNames as [ScheduleName, ...ScheduleName[]]),
})
