import { FakeHypervisor } from '@/worker/machines/drivers/fake/fake-hypervisor'
import type { Hypervisor, MachineSpec, Stage } from '@/worker/machines/hypervisor'

/** Pretended machines whose making a test follows, slows down, and breaks off. */
export class InstrumentedHypervisor extends FakeHypervisor {
  /** Called when a stage of making a machine begins; what it throws ends the making. */
  onStage: (stage: Stage, id: string) => void = () => undefined

  /** In place of how long a script may run, in milliseconds. */
  scriptTimeoutMs?: number

  constructor(readonly pace: { stageMs: number }) {
    super(pace)
  }

  override create(spec: MachineSpec, on: Parameters<Hypervisor['create']>[1]) {
    return super.create(spec, {
      ...on,
      onStage: (stage, progress) => {
        this.onStage(stage, spec.id)
        on.onStage?.(stage, progress)
      },
    })
  }

  override execute(id: string, given: Parameters<Hypervisor['execute']>[1]) {
    return super.execute(id, { ...given, timeoutMs: this.scriptTimeoutMs ?? given.timeoutMs })
  }

  async hasMachine(id: string) {
    return (await this.list()).includes(id)
  }
}
