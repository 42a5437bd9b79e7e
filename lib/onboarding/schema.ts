import { z } from 'zod'

export const onboardingStepSchema = z.object({
  id: z.enum(['mail', 'storage', 'models']),
  isDone: z.boolean(),
  detail: z.string().describe('The state, or what to do'),
})
export type OnboardingStep = z.infer<typeof onboardingStepSchema>
