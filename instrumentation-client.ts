import { config } from 'zod'

// Runs before every other script of a page. zod would try to compile schemas with `eval`, which the content security
// policy blocks and reports.
config({ jitless: true })
