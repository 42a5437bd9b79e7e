import { FakeHypervisor } from '@/worker/machines/drivers/fake/fake-hypervisor'
import type { Hypervisor, MachineSpec } from '@/worker/machines/hypervisor'

/** A fake hypervisor whose provisioning tests can observe, slow down and fail. */
export class InstrumentedHypervisor extends FakeHypervisor {
  /** Called at the start of each provisioning stage; an error it throws fails provisioning. */
  onStage: (stage: string, id: string) => void = () => undefined

  /** Overrides the timeout of scripts, in milliseconds. */
  scriptTimeoutMs?: number

  constructor(readonly pace: { stageMs: number; fleet?: string }) {
    super(pace)
  }

  override create(spec: MachineSpec, options: Parameters<Hypervisor['create']>[1]) {
    return super.create(spec, {
      ...options,
      onStage: (stage, progress) => {
        this.onStage(stage, spec.id)
        options.onStage?.(stage, progress)
      },
    })
  }

  override execute(id: string, options: Parameters<Hypervisor['execute']>[1]) {
    return super.execute(id, { ...options, timeoutMs: this.scriptTimeoutMs ?? options.timeoutMs })
  }

  async hasMachine(id: string) {
    return (await this.observeAll()).has(id)
  }
}
