import type { AgentClient } from './agent-client'
import { ConsoleFollower } from './console-follower'
import { agentOf } from './guest'
import type { MachineFolders } from './machine-folder'
import type { Started } from './spawn-machine'

/** What this process holds open of running machines: their consoles and their agents. */
export class Followed {
  private readonly consoles = new Map<string, Promise<ConsoleFollower>>()
  private readonly agents = new Map<string, AgentClient>()
  private readonly current = new Map<string, number>()

  constructor(private readonly folders: MachineFolders) {}

  /** A machine was started: it is written down before anything else can happen, and followed. */
  async began(id: string, started: Started) {
    this.ended(id)
    await this.folders.change(id, {
      process: started.process,
      startedAt: new Date().toISOString(),
      reason: undefined,
      isStopWanted: undefined,
    })
    await this.follow(id)
    const { pid } = started.process
    this.current.set(id, pid)
    // It may have been started anew since.
    void started.exited.then(() => this.current.get(id) === pid && this.ended(id))
    return this.agent(id)
  }

  follow(id: string) {
    let follower = this.consoles.get(id)
    if (!follower) {
      const made = new ConsoleFollower(this.folders.path(id))
      follower = made.start().then(() => made)
      follower.catch(() => this.consoles.delete(id))
      this.consoles.set(id, follower)
    }
    return follower
  }

  agent(id: string) {
    const agent = this.agents.get(id) ?? agentOf(this.folders.path(id))
    this.agents.set(id, agent)
    return agent
  }

  ended(id: string) {
    void this.consoles
      .get(id)
      ?.then((follower) => follower.end())
      .catch(() => undefined)
    this.consoles.delete(id)
    this.current.delete(id)
    this.agents.get(id)?.close()
    this.agents.delete(id)
  }

  close() {
    for (const follower of this.consoles.values())
      void follower.then((it) => it.close()).catch(() => undefined)
    for (const agent of this.agents.values()) agent.close()
    this.consoles.clear()
    this.agents.clear()
  }
}
