import { z } from 'zod'

/** A virtual machine has a kernel of its own; a system container shares the one of its host. */
export const machineKindSchema = z.enum(['vm', 'container'])
export type MachineKind = z.infer<typeof machineKindSchema>

/** What a host can do with its machines. */
export const machineCapabilitiesSchema = z.object({
  console: z.boolean(),
  /** Runs scripts in the guest. */
  execute: z.boolean(),
  /** Connects to ports of the guest. */
  ports: z.boolean(),
  snapshots: z.boolean(),
  resize: z.boolean(),
  /** Machines keep running when the whole app stops. */
  survivesApp: z.boolean(),
})
export type MachineCapabilities = z.infer<typeof machineCapabilitiesSchema>
