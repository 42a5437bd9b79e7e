// Generates the code that git does not contain: the Prisma client and the messages.
import { generateMessages } from './messages.mjs'
import { generatePrismaClient } from './setup.mjs'

export const generateCode = () => Promise.all([generatePrismaClient(), generateMessages()])

if (import.meta.filename === process.argv[1]) await generateCode()
