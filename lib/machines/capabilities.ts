import { z } from 'zod'

/** A virtual machine has a kernel of its own; a system container shares the one of its host. */
export const machineKindSchema = z.enum(['vm', 'container'])
export type MachineKind = z.infer<typeof machineKindSchema>

/** What a host can do with its machines. */
export const machineCapabilitiesSchema = z.object({
  console: z.boolean(),
  consoleInput: z
    .boolean()
    .default(true)
    .describe('The console takes input; otherwise it shows output only, which may be minutes old'),
  /** Runs scripts in the guest. */
  execute: z.boolean(),
  bootScript: z
    .boolean()
    .default(false)
    .describe('Runs a script at the first start, as a replacement for execute'),
  cloudConfig: z
    .boolean()
    .default(false)
    .describe('Passes user data that begins with #cloud-config on to cloud-init'),
  /** Connects to ports of the guest. */
  ports: z.boolean(),
  snapshots: z.boolean(),
  resize: z.boolean(),
  usage: z.boolean().default(true).describe('Measures the use of resources'),
  /** Machines keep running when the whole app stops. */
  survivesApp: z.boolean(),
})
export type MachineCapabilities = z.infer<typeof machineCapabilitiesSchema>
