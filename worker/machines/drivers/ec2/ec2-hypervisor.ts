// Over 200 lines because it implements every operation of a hypervisor; each delegates to a module of this folder.
import {
  type EC2Client,
  type Instance,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { MachineCapabilities } from '@/lib/machines/capabilities'
import type {
  BootScript,
  Hypervisor,
  MachineSize,
  MachineSpec,
  OnStage,
  ScriptWait,
  StageDefinition,
} from '@/worker/machines/hypervisor'
import {
  machineNotStopped,
  machineRemoved,
  machineSilent,
  notSupported,
  sizeTooSmall,
} from '../machine-errors'
import { MachineLock } from '../machine-lock'
import { resizeInstance, terminateInstance } from './change-instance'
import { ConsoleOutput } from './console-output'
import { isRunning, isStopped, toObservation } from './describe-instances'
import { createEc2Client } from './ec2-client'
import { describeEc2 } from './ec2-facts'
import { listImages, MINIMUM_SIZE } from './ec2-images'
import { Ec2Instances } from './ec2-instances'
import type { Ec2Settings } from './ec2-settings'
import { InstanceTypes } from './instance-types'
import { SerialConsole } from './serial-console'
import { waitForBootScript } from './wait-for-boot-script'
import * as messages from '@/lib/generated/messages/machine-progress'

const STAGES: StageDefinition[] = [
  { name: 'launch', label: messages.launching, startsAt: 0 },
  { name: 'boot', label: messages.booting, startsAt: 0.2 },
]
const CAPABILITIES = {
  console: true,
  execute: false,
  bootScript: true,
  cloudConfig: true,
  ports: false,
  snapshots: false,
  resize: true,
  // CloudWatch has averages of minutes, and nothing of memory or disk space.
  usage: false,
  survivesApp: true,
}
/** EC2 takes minutes to stop a guest that does not respond. */
const CHANGE_TIMEOUT_MS = 15 * 60_000

interface OperationOptions {
  signal: AbortSignal
  onStage?: OnStage
}

interface WaitOptions {
  id: string
  signal: AbortSignal
  timeoutMs?: number
}
type InstanceCondition = (instance: Instance) => boolean | Promise<boolean>

/**
 * Runs machines as instances of Amazon EC2, or of a service with its API. They outlive this app, and are found again by their
 * tags. A machine is running when EC2 reports it: the guest may need some time more.
 */
export class Ec2Hypervisor implements Hypervisor {
  readonly name = 'ec2'
  readonly maxStreamsPerMachine = 8
  readonly stages = STAGES
  readonly capabilities: MachineCapabilities
  private readonly ec2: EC2Client
  private readonly types: InstanceTypes
  private readonly instances: Ec2Instances
  private readonly lock = new MachineLock(machineRemoved)
  /** By instance. */
  private readonly consoles = new Map<string, ConsoleOutput>()
  private readonly serial?: SerialConsole

  constructor(private readonly settings: Ec2Settings) {
    const { serialConsole } = settings
    this.capabilities = { ...CAPABILITIES, consoleInput: serialConsole !== undefined }
    if (serialConsole) this.serial = new SerialConsole(settings, serialConsole)
    this.ec2 = createEc2Client(settings)
    this.types = new InstanceTypes(this.ec2, settings)
    this.instances = new Ec2Instances(this.ec2, this.types, settings)
  }

  describe() {
    return describeEc2(this.ec2, this.types, this.settings)
  }

  async listImages() {
    return listImages(this.ec2, this.settings).catch(() => [])
  }

  create(spec: MachineSpec, { signal, onStage }: OperationOptions) {
    const { id, size } = spec
    return this.lock.run(id, signal, async (combined) => {
      onStage?.('launch')
      if (size.memoryMiB < MINIMUM_SIZE.memoryMiB) throw sizeTooSmall('memory', MINIMUM_SIZE.memoryMiB)
      if (size.diskMiB < MINIMUM_SIZE.diskMiB) throw sizeTooSmall('disk', MINIMUM_SIZE.diskMiB)
      if (!(await this.instances.findOrRefuse(id))) await this.instances.launch(spec)
      return this.boot(id, { signal: combined, onStage })
    })
  }

  start(id: string, { signal, onStage }: OperationOptions) {
    return this.lock.run(id, signal, (combined) => this.boot(id, { signal: combined, onStage }))
  }

  /** Starts the instance unless it is up. */
  private async boot(id: string, { signal, onStage }: OperationOptions) {
    onStage?.('boot')
    const isUp = await this.waitFor({ id, signal }, async (instance) => {
      if (isStopped(instance))
        await this.ec2.send(new StartInstancesCommand({ InstanceIds: [instance.InstanceId!] }))
      return isRunning(instance)
    })
    if (!isUp) throw machineSilent()
    return toObservation(await this.instances.require(id))
  }

  reboot(id: string, { signal, onStage }: OperationOptions) {
    return this.lock.run(id, signal, async (combined) => {
      const instance = await this.instances.require(id)
      if (isRunning(instance))
        await this.ec2.send(new RebootInstancesCommand({ InstanceIds: [instance.InstanceId!] }))
      return this.boot(id, { signal: combined, onStage })
    })
  }

  stop(id: string, { graceMs, signal }: { graceMs: number; signal: AbortSignal }) {
    return this.lock.run(id, signal, async (combined) => {
      const instance = await this.instances.find(id)
      if (!instance || isStopped(instance)) return
      const request = { InstanceIds: [instance.InstanceId!] }
      await this.ec2.send(new StopInstancesCommand({ ...request, Force: graceMs === 0 }))
      if (graceMs > 0 && (await this.waitFor({ id, signal: combined, timeoutMs: graceMs }, isStopped))) return
      await this.ec2.send(new StopInstancesCommand({ ...request, Force: true }))
      if (!(await this.waitFor({ id, signal: combined }, isStopped))) throw machineSilent()
    })
  }

  async destroy(id: string) {
    await this.lock.abortAndRun(id, async () => {
      const instance = await this.instances.find(id)
      if (instance) await terminateInstance(this.ec2, instance, this.settings.pollMs)
      this.instances.forget(id)
      this.consoles.get(instance?.InstanceId ?? '')?.end()
    })
  }

  async observeAll() {
    const instances = [...(await this.instances.list())]
    return new Map(instances.map(([id, instance]) => [id, toObservation(instance)]))
  }

  async repair() {}

  async resize(id: string, size: MachineSize) {
    await this.lock.run(id, new AbortController().signal, async () => {
      const instance = await this.instances.require(id)
      if (!isStopped(instance)) throw machineNotStopped()
      await resizeInstance(this.ec2, instance, { types: this.types, size })
    })
  }

  async createSnapshot(): Promise<never> {
    throw notSupported()
  }

  async removeSnapshot() {}

  async openConsole(id: string) {
    const { InstanceId: instanceId } = await this.instances.requireRunning(id)
    return this.consoleOf(id, instanceId!).attachViewer()
  }

  async readConsoleRecording(id: string) {
    const instance = await this.instances.find(id)
    return instance ? this.consoleOf(id, instance.InstanceId!).readRecording() : []
  }

  private consoleOf(id: string, instanceId: string) {
    const existing = this.consoles.get(instanceId)
    if (existing) return existing
    const isRunningNow = async () => {
      const instance = await this.instances.find(id)
      return instance !== undefined && isRunning(instance)
    }
    const { serial } = this
    const console = new ConsoleOutput({
      ec2: this.ec2,
      instanceId,
      pollMs: this.settings.consolePollMs,
      isRunning: isRunningNow,
      openSerial: serial && (() => serial.open(instanceId)),
      onEnd: () => this.consoles.delete(instanceId),
    })
    this.consoles.set(instanceId, console)
    return console
  }

  async waitForBootScript(id: string, options: ScriptWait & Pick<BootScript, 'endToken'>) {
    const { InstanceId: instanceId } = await this.instances.requireRunning(id)
    return waitForBootScript(this.consoleOf(id, instanceId!), {
      ...options,
      pollMs: this.settings.consolePollMs,
      requireRunning: () => this.instances.requireRunning(id),
    })
  }

  async execute(): Promise<never> {
    throw notSupported()
  }

  async readUsage(): Promise<never> {
    throw notSupported()
  }

  async connect(): Promise<never> {
    throw notSupported()
  }

  async close() {
    for (const console of this.consoles.values()) console.close()
    this.serial?.close()
    this.ec2.destroy()
  }

  private waitFor({ id, signal, timeoutMs = CHANGE_TIMEOUT_MS }: WaitOptions, condition: InstanceCondition) {
    return waitUntil(async () => condition(await this.instances.require(id)), {
      intervalMs: this.settings.pollMs,
      timeoutMs,
      signal,
    })
  }
}
