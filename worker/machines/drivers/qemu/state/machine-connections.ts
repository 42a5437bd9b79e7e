import { type AgentClient, createAgentClient } from '../agent/agent-client'
import { ConsoleFollower } from '../console/console-follower'
import type { SpawnedQemu } from '../lifecycle/spawn-qemu'
import type { MachineFolders } from './machine-folders'

/** The console followers and agent clients that this process has open for running machines. */
export class MachineConnections {
  private readonly consoles = new Map<string, Promise<ConsoleFollower>>()
  private readonly agents = new Map<string, AgentClient>()
  private readonly pids = new Map<string, number>()

  constructor(private readonly folders: MachineFolders) {}

  /** Records the new process first, so that a crash cannot lose it, and then follows the console. */
  async recordStart(id: string, started: SpawnedQemu) {
    this.disconnect(id)
    await this.folders.update(id, {
      process: started.process,
      startedAt: new Date().toISOString(),
      reason: undefined,
      isStopWanted: undefined,
    })
    await this.followConsole(id)
    const { pid } = started.process
    this.pids.set(id, pid)
    // The machine may run in a newer process by then.
    void started.exited.then(() => this.pids.get(id) === pid && this.disconnect(id))
    return this.getAgent(id)
  }

  followConsole(id: string) {
    let follower = this.consoles.get(id)
    if (!follower) {
      const created = new ConsoleFollower(this.folders.path(id))
      follower = created.start().then(() => created)
      follower.catch(() => this.consoles.delete(id))
      this.consoles.set(id, follower)
    }
    return follower
  }

  getAgent(id: string) {
    const agent = this.agents.get(id) ?? createAgentClient(this.folders.path(id))
    this.agents.set(id, agent)
    return agent
  }

  disconnect(id: string) {
    void this.consoles
      .get(id)
      ?.then((follower) => follower.end())
      .catch(() => undefined)
    this.consoles.delete(id)
    this.pids.delete(id)
    this.agents.get(id)?.close()
    this.agents.delete(id)
  }

  closeAll() {
    for (const follower of this.consoles.values())
      void follower.then((one) => one.close()).catch(() => undefined)
    for (const agent of this.agents.values()) agent.close()
    this.consoles.clear()
    this.agents.clear()
  }
}
