import { configSchema } from '@/lib/config/schema'

/** Environment variables that Node.js, Next.js and the AWS SDK read themselves. */
const OTHER_VARIABLES = ['NODE_ENV', 'NEXT_TELEMETRY_DISABLED', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']

/** Whether the app or one of its dependencies reads an environment variable. */
export const isKnownVariable = (name: string) => name in configSchema.shape || OTHER_VARIABLES.includes(name)
